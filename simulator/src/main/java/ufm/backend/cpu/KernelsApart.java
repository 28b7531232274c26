package ufm.backend.cpu;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * The kernels of another object, each behind a call that the compiler can't inline: a method handle that is no constant. Inlined into their
 * callers, several vector kernels together exceed what the compiler takes on at once, and what it leaves over passes its registers through
 * the heap. A call of this kind costs a few nanoseconds.
 */
final class KernelsApart implements ElementKernels {
  // Not final: the compiler must not take them for constants.
  private MethodHandle fill;
  private MethodHandle scale;
  private MethodHandle axpy;
  private MethodHandle combine;
  private MethodHandle multiply;
  private MethodHandle dot;
  private MethodHandle distance2;
  private MethodHandle maxAbs;
  private MethodHandle momentum;
  private MethodHandle adam;
  private MethodHandle clamp;
  private MethodHandle freeMask;
  private MethodHandle affineMax;
  private MethodHandle offsetSum;
  private MethodHandle expSum;
  private MethodHandle scaleRows;
  private MethodHandle crossEntropy;
  private MethodHandle affine;
  private MethodHandle columnSums;
  private MethodHandle centre;
  private MethodHandle curve;
  private MethodHandle squaredNorms;
  private MethodHandle focal;

  /** Stands in front of other kernels. */
  KernelsApart(ElementKernels kernels) {
    fill = apart(kernels, "fill", void.class, double.class, long.class, long.class);
    scale = apart(kernels, "scale", void.class, double.class, long.class, long.class);
    axpy = apart(kernels, "axpy", void.class, double.class, long.class, long.class, long.class);
    combine = apart(kernels, "combine", void.class, double.class, long.class, double.class, long.class, long.class, long.class);
    multiply = apart(kernels, "multiply", void.class, long.class, long.class, long.class, long.class);
    dot = apart(kernels, "dot", double.class, long.class, long.class, long.class);
    distance2 = apart(kernels, "distance2", double.class, long.class, double.class, long.class, long.class);
    maxAbs = apart(kernels, "maxAbs", double.class, long.class, long.class);
    momentum =
        apart(
            kernels, "momentum", void.class, double.class, double.class, double.class,
            boolean.class, long.class, long.class, long.class, long.class);
    adam =
        apart(
            kernels, "adam", void.class, double.class, double.class, double.class, double.class, double.class,
            double.class, long.class, long.class, long.class, long.class, long.class);
    clamp = apart(kernels, "clamp", void.class, long.class, long.class);
    freeMask = apart(kernels, "freeMask", void.class, long.class, long.class, double.class, long.class, long.class);
    affineMax = apart(kernels, "affineMax", void.class, long.class, int.class, int.class, int.class, long.class, long.class, long.class);
    offsetSum = apart(kernels, "offsetSum", void.class, long.class, int.class, int.class, int.class, long.class, long.class);
    expSum = apart(kernels, "expSum", void.class, long.class, int.class, int.class, int.class, long.class, long.class);
    scaleRows =
        apart(
            kernels, "scaleRows", void.class, long.class, int.class, int.class, int.class, long.class, long.class, long.class, int.class);
    crossEntropy =
        apart(
            kernels, "crossEntropy", void.class, int.class, long.class, long.class, long.class,
            long.class, long.class, long.class, long.class, long.class);
    affine = apart(kernels, "affine", void.class, long.class, int.class, int.class, int.class, long.class, long.class);
    columnSums = apart(kernels, "columnSums", void.class, long.class, int.class, int.class, int.class, long.class, long.class);
    centre =
        apart(
            kernels, "centre", void.class, long.class, int.class, int.class, int.class, long.class, long.class, int.class, long.class);
    curve =
        apart(
            kernels, "curve", void.class, long.class, int.class, int.class, int.class, long.class, int.class, long.class, long.class);
    squaredNorms = apart(kernels, "squaredNorms", void.class, long.class, int.class, int.class, int.class, long.class);
    focal =
        apart(
            kernels, "focal", void.class, double.class, int.class, long.class, long.class, long.class, long.class, long.class, long.class);
  }

  private static MethodHandle apart(ElementKernels kernels, String name, Class<?> result, Class<?>... arguments) {
    try {
      return MethodHandles.lookup().findVirtual(ElementKernels.class, name, MethodType.methodType(result, arguments)).bindTo(kernels);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("kernel " + name + " is missing", e);
    }
  }

  /** Kernels throw no checked exceptions; what else they throw goes on as it is. */
  static RuntimeException unexpected(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException r ? r : new IllegalStateException(e);
  }

  @Override
  public void fill(double value, long x, long n) {
    try {
      this.fill.invokeExact(value, x, n);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void scale(double alpha, long x, long n) {
    try {
      this.scale.invokeExact(alpha, x, n);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void axpy(double alpha, long x, long y, long n) {
    try {
      this.axpy.invokeExact(alpha, x, y, n);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void combine(double alpha, long x, double beta, long y, long out, long n) {
    try {
      this.combine.invokeExact(alpha, x, beta, y, out, n);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void multiply(long x, long y, long out, long n) {
    try {
      this.multiply.invokeExact(x, y, out, n);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public double dot(long x, long y, long n) {
    try {
      return (double) this.dot.invokeExact(x, y, n);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public double distance2(long x, double alpha, long y, long n) {
    try {
      return (double) this.distance2.invokeExact(x, alpha, y, n);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public double maxAbs(long x, long n) {
    try {
      return (double) this.maxAbs.invokeExact(x, n);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void momentum(double mu, double damp, double eta, boolean nesterov, long g, long v, long x, long n) {
    try {
      this.momentum.invokeExact(mu, damp, eta, nesterov, g, v, x, n);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void adam(double beta1, double beta2, double epsilon, double eta, double c1, double c2, long g, long m, long s, long x, long n) {
    try {
      this.adam.invokeExact(beta1, beta2, epsilon, eta, c1, c2, g, m, s, x, n);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void clamp(long x, long n) {
    try {
      this.clamp.invokeExact(x, n);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void freeMask(long x, long g, double tolerance, long mask, long n) {
    try {
      this.freeMask.invokeExact(x, g, tolerance, mask, n);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void affineMax(long z, int ld, int rows, int classes, long scale, long bias, long max) {
    try {
      this.affineMax.invokeExact(z, ld, rows, classes, scale, bias, max);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void offsetSum(long z, int ld, int rows, int classes, long max, long sum) {
    try {
      this.offsetSum.invokeExact(z, ld, rows, classes, max, sum);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void expSum(long z, int ld, int rows, int classes, long max, long sum) {
    try {
      this.expSum.invokeExact(z, ld, rows, classes, max, sum);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void scaleRows(long z, int ld, int rows, int classes, long factor, long shift, long out, int ldOut) {
    try {
      this.scaleRows.invokeExact(z, ld, rows, classes, factor, shift, out, ldOut);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void crossEntropy(int rows, long zy, long max, long s, long u, long py, long loss, long inverse, long work) {
    try {
      this.crossEntropy.invokeExact(rows, zy, max, s, u, py, loss, inverse, work);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void affine(long z, int ld, int rows, int classes, long scale, long bias) {
    try {
      this.affine.invokeExact(z, ld, rows, classes, scale, bias);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void columnSums(long z, int ld, int n, int classes, long ones, long sum) {
    try {
      this.columnSums.invokeExact(z, ld, n, classes, ones, sum);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void centre(long r, int ld, int rows, int classes, long centre, long p, int ldp, long a) {
    try {
      this.centre.invokeExact(r, ld, rows, classes, centre, p, ldp, a);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void curve(long r, int ld, int rows, int classes, long p, int ldp, long alpha, long beta) {
    try {
      this.curve.invokeExact(r, ld, rows, classes, p, ldp, alpha, beta);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void squaredNorms(long z, int ld, int rows, int classes, long out) {
    try {
      this.squaredNorms.invokeExact(z, ld, rows, classes, out);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void focal(double gamma, int rows, long u, long py, long loss, long chi, long chi1, long c) {
    try {
      this.focal.invokeExact(gamma, rows, u, py, loss, chi, chi1, c);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }
}
