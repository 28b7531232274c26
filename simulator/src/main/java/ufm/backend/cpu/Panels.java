package ufm.backend.cpu;

import ufm.backend.ClassifierLayer;

/**
 * How the columns of a layer are cut into panels and panels into groups: by shape and library alone, so that no bit depends on the
 * machine's load.
 */
final class Panels {
  private static final int GRAIN = 128;
  private static final int ELEMENTS = 32768;
  private static final int WIDEST = 4;
  private static final int NARROW = 32;

  /** Most groups of panels of a lane. */
  static final int MOST_GROUPS = 8;

  private Panels() {}

  /**
   * Columns of a full panel: a multiple of 128 that keeps a panel's logits in the second-level cache, or as many as keep its products small
   * enough to be done without packing, if that is 64 at least.
   */
  static int width(ClassifierLayer layer, Products products) {
    int width = GRAIN * Math.clamp(ELEMENTS / layer.classes() / GRAIN, 1, WIDEST);
    long kd = (long) layer.classes() * layer.dimension();
    long direct = UnpackedProducts.MOST / kd / NARROW * NARROW;
    // Asked only where the library is needed anyway: asking loads it.
    return direct < width && direct >= 2 * NARROW && products.unpacked() ? (int) direct : width;
  }

  /** Number of panels. */
  static int count(int columns, int width) {
    return Math.ceilDiv(columns, width);
  }

  /** Number of groups of panels; each sums its own share of the gradients of W and b. */
  static int groups(int panels) {
    return Math.min(MOST_GROUPS, panels);
  }

  /** First panel of a group; that of the group behind the last is the number of panels. */
  static int first(int panels, int group) {
    return (int) ((long) group * panels / groups(panels));
  }
}
