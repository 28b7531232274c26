package ufm.backend.cpu;

import ufm.backend.ClassifierLayer;

/** How the columns of a layer are cut into panels and panels into groups: by shape alone, so that no bit depends on the machine's load. */
final class Panels {
  private static final int GRAIN = 128;
  private static final int ELEMENTS = 32768;
  private static final int MOST_GROUPS = 8;

  private Panels() {}

  /** Columns of a full panel: a multiple of 128 that keeps a panel's logits in the second-level cache. */
  static int width(ClassifierLayer layer) {
    return GRAIN * Math.clamp(ELEMENTS / layer.classes() / GRAIN, 1, 4);
  }

  /** Number of panels. */
  static int count(ClassifierLayer layer) {
    return Math.ceilDiv(layer.columns(), width(layer));
  }

  /** Number of groups of panels; each sums its own share of the gradients of W and b. */
  static int groups(ClassifierLayer layer) {
    return Math.min(MOST_GROUPS, count(layer));
  }

  /** First panel of a group; that of the group behind the last is the number of panels. */
  static int firstPanel(ClassifierLayer layer, int group) {
    return (int) ((long) group * count(layer) / groups(layer));
  }
}
