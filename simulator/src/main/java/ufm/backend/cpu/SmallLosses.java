package ufm.backend.cpu;

import static ufm.backend.cpu.Memory.get;
import static ufm.backend.cpu.Memory.set;

import ufm.backend.ClassifierLayer;
import ufm.backend.ClassifierLayer.Kind;

/**
 * From the logits of a small layer to the losses of its rows and to G^T, in rows of {@link SmallKernels}, be they samples or lanes.
 * Formulas as in {@link PanelWorker}.
 */
final class SmallLosses {
  /** Arrays of one double for each row. */
  private static final int ARRAYS = 14;

  private SmallKernels kernels;
  private ElementKernels elements;
  private Kind kind;
  private int classes;
  private double parameter;
  private int ld;
  private long z;
  private long label;
  private long none;
  private long max;
  private long zy;
  private long others;
  private long u;
  private long py;
  private long loss;
  private long inverse;
  private long factor;
  private long shift;
  private long chi1;
  private long gy;
  private long extra;

  /** Doubles that {@link #bind} takes from scratch memory. */
  static long doubles(ClassifierLayer layer, int rows) {
    return (layer.classes() + (long) ARRAYS) * Memory.leadingDimension(rows);
  }

  /** Takes memory for that many rows and the constants of a lane. */
  void bind(SmallKernels kernels, ElementKernels elements, ClassifierLayer layer, int lane, int rows, Scratch scratch) {
    this.kernels = kernels;
    this.elements = elements;
    kind = layer.loss();
    classes = layer.classes();
    parameter = kind == Kind.SQUARED ? 0 : layer.lossParameter()[lane];
    ld = Memory.leadingDimension(rows);
    z = scratch.take((long) ld * classes);
    label = scratch.take(ld);
    none = scratch.take(ld);
    max = scratch.take(ld);
    zy = scratch.take(ld);
    others = scratch.take(ld);
    u = scratch.take(ld);
    py = scratch.take(ld);
    loss = scratch.take(ld);
    inverse = scratch.take(ld);
    factor = scratch.take(ld);
    shift = scratch.take(ld);
    chi1 = scratch.take(ld);
    elements.fill(0, shift, ld);
    gy = scratch.take(ld);
    extra = scratch.take(ld);
    if (kind == Kind.SQUARED) {
      elements.fill(-1, none, ld);
    }
  }

  /** Z^T, later G^T: row i of class k at {@code 8 (i + ld k)}. */
  long z() {
    return z;
  }

  /** Leading dimension of {@link #z}. */
  int ld() {
    return ld;
  }

  /** Labels of the rows, as doubles, to be filled in. */
  long label() {
    return label;
  }

  /** The losses of the rows; twice those of {@link Kind#SQUARED}. */
  long loss() {
    return loss;
  }

  /**
   * From products to losses and what the gradient needs: z becomes exp(z - max), or the residual of the squared loss.
   *
   * @param omega of the rows
   * @param scale of the rows
   * @param bias eight for each class
   */
  void losses(int rows, long omega, long scale, long bias) {
    if (kind == Kind.SQUARED) {
      kernels.squares(z, ld, rows, classes, scale, bias, label, loss);
      return;
    }
    boolean smooth = kind == Kind.SOFTMAX && parameter != 0;
    kernels.maxima(z, ld, rows, classes, scale, bias, label, max, zy);
    if (smooth) {
      elements.offsetSum(z, ld, rows, classes, max, extra);
    }
    kernels.exponentials(z, ld, rows, classes, max, label, others);
    kernels.shares(rows, zy, max, others, omega, u, py, inverse, factor, gy, loss);
    kernels.logarithms(rows, zy, max, loss);
    if (kind == Kind.FOCAL) {
      elements.focal(parameter, rows, u, py, loss, loss, chi1, extra);
    } else if (smooth) {
      // loss + s (z_y - mean of the other logits), with every logit counted from the largest.
      double share = parameter / (classes - 1);
      for (long i = 0; i < 8L * rows; i += 8) {
        double below = get(max + i) - get(zy + i);
        set(loss + i, get(loss + i) - (parameter * below + share * (get(extra + i) + below)));
      }
    }
  }

  /**
   * From what {@link #losses} left to G^T D_s, in place.
   *
   * @param p rows that count; what fills up the last block becomes 0
   * @param omega of the rows
   * @param scale of the rows
   * @param sums eight chains for each class of the sum of G over blocks, before D_s; modified
   */
  void residuals(int p, int rows, long omega, long scale, long sums) {
    if (kind == Kind.FOCAL) {
      elements.multiply(omega, chi1, chi1, rows);
      elements.multiply(chi1, u, gy, rows);
      elements.multiply(chi1, inverse, factor, rows);
    } else if (kind == Kind.SOFTMAX && parameter != 0) {
      elements.axpy(-parameter, omega, gy, rows);
      elements.fill(0, shift, rows);
      elements.axpy(-parameter / (classes - 1), omega, shift, rows);
    }
    if (p < rows) {
      for (int k = 0; k < classes; k++) {
        clear(z + 8L * ld * k, p, rows);
      }
      clear(gy, p, rows);
      clear(factor, p, rows);
    }
    // No row has the label "none": the residual of the squared loss is the same expression for all classes.
    boolean squared = kind == Kind.SQUARED;
    kernels.residuals(z, ld, rows, classes, squared ? omega : factor, shift, gy, squared ? none : label, scale, sums);
  }

  /** Sets rows {@code p .. rows-1} of an array to 0. */
  static void clear(long a, int p, int rows) {
    for (int i = p; i < rows; i++) {
      set(a + 8L * i, 0);
    }
  }
}
