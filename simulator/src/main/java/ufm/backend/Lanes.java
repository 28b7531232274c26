package ufm.backend;

/**
 * The lanes a kernel works on, as an increasing list of lane numbers; a mutable list that is reused from round to round.
 *
 * <p>Not safe for use by several threads while it is changed.
 */
public final class Lanes {
  private final int[] index;
  private int count;

  private Lanes(int capacity) {
    index = new int[capacity];
  }

  /** All lanes {@code 0 .. n-1}. */
  public static Lanes all(int n) {
    Lanes l = new Lanes(n);
    for (int i = 0; i < n; i++) {
      l.index[i] = i;
    }
    l.count = n;
    return l;
  }

  /** No lane, with room for lanes {@code 0 .. n-1}. */
  public static Lanes none(int n) {
    return new Lanes(n);
  }

  /** One lane. */
  public static Lanes single(int lane) {
    Lanes l = new Lanes(1);
    l.index[0] = lane;
    l.count = 1;
    return l;
  }

  /** How many. */
  public int count() {
    return count;
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return count == 0;
  }

  /** The i-th lane of the list. */
  public int at(int i) {
    return index[i];
  }

  /** Empties the list; modified. */
  public Lanes clear() {
    count = 0;
    return this;
  }

  /** Appends a lane, which must be larger than the last one; modified. */
  public void add(int lane) {
    if (count > 0 && index[count - 1] >= lane) {
      throw new IllegalArgumentException("lanes must be added in increasing order: " + lane + " after " + index[count - 1]);
    }
    index[count++] = lane;
  }

  /** Becomes a copy of another list; modified. */
  public Lanes set(Lanes other) {
    System.arraycopy(other.index, 0, index, 0, other.count);
    count = other.count;
    return this;
  }

  /** Keeps the lanes for which the test holds; modified. */
  public Lanes retain(java.util.function.IntPredicate keep) {
    int n = 0;
    for (int i = 0; i < count; i++) {
      if (keep.test(index[i])) {
        index[n++] = index[i];
      }
    }
    count = n;
    return this;
  }

  /** The lanes of {@code from} for which the test holds; this list is modified, {@code from} is not. */
  public Lanes select(Lanes from, java.util.function.IntPredicate keep) {
    count = 0;
    for (int i = 0; i < from.count; i++) {
      if (keep.test(from.index[i])) {
        index[count++] = from.index[i];
      }
    }
    return this;
  }

  @Override
  public String toString() {
    StringBuilder s = new StringBuilder("[");
    for (int i = 0; i < count; i++) {
      s.append(i == 0 ? "" : ",").append(index[i]);
    }
    return s.append(']').toString();
  }
}
