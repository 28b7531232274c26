package ufm.backend.cpu;

import ufm.backend.ClassifierLayer;
import ufm.backend.Lanes;

/** What the operation of a layer was called with; filled in and reused for every call. */
final class LayerCall {
  /** What is done. */
  enum Code {
    FIT, GRADIENT, LOGIT_GRADIENT, CURVATURE, HESSIAN, DESCEND
  }

  ElementKernels kernels;
  Code code;
  Lanes lanes;
  ClassifierLayer layer;
  /** Variables. */
  CpuBuffer x;
  /** Fit or sum of fits of each lane. */
  double[] fit;
  /** Gradient, logit gradient or product; in descent the place where the gradient of W may be summed. */
  CpuBuffer out;
  CpuBuffer curvature;
  /** Direction of a Hessian product, or velocity of a descent, null without momentum. */
  CpuBuffer v;
  /** Steps of descent, else 1. */
  int steps;
  double[] mu;
  double[] damp;
  double[] eta;
  boolean nesterov;

  /** Whether gradients of W and b are summed over columns. */
  boolean summed() {
    return code == Code.GRADIENT || code == Code.HESSIAN || code == Code.DESCEND;
  }

  /** Whether the losses are summed. */
  boolean fits() {
    return code == Code.FIT || code == Code.GRADIENT || code == Code.DESCEND;
  }

  /** Elements of W. */
  long weights() {
    return (long) layer.classes() * layer.dimension();
  }

  /** What the penalties multiply: the variables, or the direction of a Hessian product. */
  CpuBuffer penalised() {
    return code == Code.HESSIAN ? v : x;
  }

  /** Rough time of one lane, one step. */
  double nanoseconds() {
    double elements = (double) layer.classes() * layer.columns();
    double products = switch (code) {
      case FIT, LOGIT_GRADIENT, CURVATURE -> 1;
      case GRADIENT, DESCEND -> 3;
      case HESSIAN -> 6;
    };
    return 100 + elements * (1.5 + 0.04 * products * layer.dimension());
  }

  /** Adds the penalty of {@code n} elements from {@code offset} to their gradient or product at {@code g}; in descent, then moves them. */
  void finish(int lane, int step, double lambda, long g, long offset, long n) {
    kernels.axpy(lambda, penalised().address(lane, offset, n), g, n);
    if (code == Code.DESCEND) {
      move(lane, step, g, offset, n);
    }
  }

  /** A step of descent of {@code n} variables from {@code offset}, whose gradient is at {@code g}. */
  void move(int lane, int step, long g, long offset, long n) {
    if (v == null) {
      kernels.axpy(-eta[step], g, x.address(lane, offset, n), n);
    } else {
      kernels.momentum(mu[lane], damp[lane], eta[step], nesterov, g, v.address(lane, offset, n), x.address(lane, offset, n), n);
    }
  }
}
