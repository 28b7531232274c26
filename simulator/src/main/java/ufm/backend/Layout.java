package ufm.backend;

import java.util.ArrayList;
import java.util.List;

/**
 * Names the blocks of a lane's flat vector: for the one-layer model {@code W} (K x d), {@code H} (d x N), {@code b} (K x 1).
 *
 * <p>Blocks are column-major and packed one behind the other, so that a product over the whole vector sees no padding. Immutable; two
 * layouts with the same blocks are equal, which is how a sweep groups its cells.
 */
public record Layout(List<Block> blocks) {

  /**
   * One matrix of a layout.
   *
   * @param name name, unique in its layout
   * @param rows number of rows
   * @param cols number of columns
   * @param offset first element in the lane's vector
   */
  public record Block(String name, int rows, int cols, long offset) {
    /** rows x cols. */
    public long size() {
      return (long) rows * cols;
    }
  }

  /** Copies the list. */
  public Layout {
    blocks = List.copyOf(blocks);
  }

  /** Number of elements of a lane. */
  public long size() {
    return blocks.isEmpty() ? 0 : blocks.getLast().offset() + blocks.getLast().size();
  }

  /** Whether there is a block of that name. */
  public boolean has(String name) {
    return blocks.stream().anyMatch(b -> b.name().equals(name));
  }

  /**
   * The block of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Block block(String name) {
    for (Block b : blocks) {
      if (b.name().equals(name)) {
        return b;
      }
    }
    throw new IllegalArgumentException("no block " + name + " in " + blocks);
  }

  /** Collects blocks. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects blocks in their order. */
  public static final class Builder {
    private final List<Block> blocks = new ArrayList<>();
    private long next;

    /** Adds a block behind the others. */
    public Builder add(String name, int rows, int cols) {
      Block b = new Block(name, rows, cols, next);
      blocks.add(b);
      next += b.size();
      return this;
    }

    /** The layout. */
    public Layout build() {
      return new Layout(blocks);
    }
  }
}
