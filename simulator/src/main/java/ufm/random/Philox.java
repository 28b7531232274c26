package ufm.random;

/**
 * Philox 4x32-10, a counter-based generator: a number is a function of its key and its place, so that there is no state to save and
 * the same place has the same number on every backend, in every batch and in every cell of a grid.
 *
 * <p>Key: the seed (64 bits). Counter: element (64 bits), block (32 bits), start index (32 bits). Reference: Salmon, Moraes, Dror, Shaw,
 * "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
 */
public final class Philox {
  private static final int M0 = 0xD2511F53;
  private static final int M1 = 0xCD9E8D57;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;
  private static final double UNIT = 0x1p-53;

  private Philox() {}

  /**
   * The four words of a counter.
   *
   * @param seed key
   * @param c0 lowest word of the counter
   * @param c1 next word
   * @param c2 next word
   * @param c3 highest word
   * @param out length 4; modified
   */
  public static void block(long seed, int c0, int c1, int c2, int c3, int[] out) {
    int k0 = (int) seed;
    int k1 = (int) (seed >>> 32);
    for (int round = 0; round < 10; round++) {
      long p0 = (M0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
      long p1 = (M1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
      int n0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      int n2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c1 = (int) p1;
      c3 = (int) p0;
      c0 = n0;
      c2 = n2;
      k0 += W0;
      k1 += W1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
  }

  /**
   * A uniform number in [0, 1), a multiple of 2^-53.
   *
   * @param seed key
   * @param start index of the start
   * @param block number of the block of variables
   * @param element element within the block
   */
  public static double uniform(long seed, int start, int block, long element) {
    int[] words = new int[4];
    block(seed, (int) element, (int) (element >>> 32), block, start, words);
    return unit(words[0], words[1]);
  }

  /** A standard normal number by the Box-Muller transform, with the same arguments as {@link #uniform}. */
  public static double gaussian(long seed, int start, int block, long element) {
    int[] words = new int[4];
    block(seed, (int) element, (int) (element >>> 32), block, start, words);
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - unit(words[0], words[1])));
    return radius * StrictMath.cos(2 * Math.PI * unit(words[2], words[3]));
  }

  private static double unit(int high, int low) {
    return (((high & 0xFFFFFFFFL) << 21) | ((low & 0xFFFFFFFFL) >>> 11)) * UNIT;
  }
}
