package ufm.random;

/** The law of a random starting point. */
public enum StartKind {
  /** Independent standard normal entries. */
  GAUSSIAN,
  /** Independent entries, uniform in +-1/sqrt(d), the range of PyTorch's linear layer with d inputs. */
  UNIFORM;

  /**
   * One entry.
   *
   * @param seed key of the generator
   * @param start index of the start
   * @param block number of the block: 0 for W, 1 for H, 2 for b
   * @param element column-major index in the block
   * @param dimension d
   */
  public double entry(long seed, int start, int block, long element, int dimension) {
    return switch (this) {
      case GAUSSIAN -> Philox.gaussian(seed, start, block, element);
      case UNIFORM -> (2 * Philox.uniform(seed, start, block, element) - 1) / Math.sqrt(dimension);
    };
  }
}
