package ufm.backend.cpu;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** The kernels of a small layer behind calls that the compiler can't inline, for the reason told at {@link KernelsApart}. */
final class SmallKernelsApart implements SmallKernels {
  // Not final: the compiler must not take them for constants.
  private MethodHandle gather;
  private MethodHandle scatter;
  private MethodHandle logits;
  private MethodHandle features;
  private MethodHandle outer;
  private MethodHandle weighted;
  private MethodHandle reduce;
  private MethodHandle laneLogits;
  private MethodHandle laneFeatures;
  private MethodHandle laneOuter;
  private MethodHandle move;
  private MethodHandle maxima;
  private MethodHandle exponentials;
  private MethodHandle shares;
  private MethodHandle logarithms;
  private MethodHandle squares;
  private MethodHandle residuals;

  /** Stands in front of other kernels. */
  SmallKernelsApart(SmallKernels kernels) {
    gather = apart(kernels, "gather", long.class, long.class, int.class, int.class, int.class, long.class);
    scatter = apart(kernels, "scatter", long.class, int.class, int.class, int.class, long.class, long.class);
    logits = apart(kernels, "logits", int.class, int.class, int.class, int.class, long.class, long.class, long.class, int.class);
    features = apart(kernels, "features", int.class, int.class, int.class, int.class, long.class, long.class, int.class, long.class);
    outer = apart(kernels, "outer", int.class, int.class, int.class, int.class, long.class, int.class, long.class, long.class);
    weighted = apart(kernels, "weighted", int.class, long.class, long.class, long.class);
    reduce = apart(kernels, "reduce", long.class, int.class, boolean.class, long.class);
    laneLogits = apart(kernels, "laneLogits", int.class, int.class, int.class, long.class, long.class, long.class, int.class);
    laneFeatures = apart(kernels, "laneFeatures", int.class, int.class, int.class, long.class, long.class, int.class, long.class);
    laneOuter = apart(kernels, "laneOuter", int.class, int.class, int.class, long.class, int.class, long.class, long.class);
    move = apart(kernels, "move", int.class, int.class, int.class, double.class, boolean.class, long.class, long.class,
        long.class, long.class);
    maxima = apart(kernels, "maxima", long.class, int.class, int.class, int.class, long.class, long.class, long.class,
        long.class, long.class);
    exponentials = apart(kernels, "exponentials", long.class, int.class, int.class, int.class, long.class, long.class, long.class);
    shares = apart(kernels, "shares", int.class, long.class, long.class, long.class, long.class, long.class, long.class,
        long.class, long.class, long.class, long.class);
    logarithms = apart(kernels, "logarithms", int.class, long.class, long.class, long.class);
    squares = apart(kernels, "squares", long.class, int.class, int.class, int.class, long.class, long.class, long.class, long.class);
    residuals = apart(kernels, "residuals", long.class, int.class, int.class, int.class, long.class, long.class, long.class,
        long.class, long.class, long.class);
  }

  private static MethodHandle apart(SmallKernels kernels, String name, Class<?>... arguments) {
    try {
      return MethodHandles.lookup().findVirtual(SmallKernels.class, name, MethodType.methodType(void.class, arguments)).bindTo(kernels);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("kernel " + name + " is missing", e);
    }
  }

  @Override
  public void gather(long from, long apart, int columns, int n, int stride, long to) {
    try {
      this.gather.invokeExact(from, apart, columns, n, stride, to);
    } catch (Throwable e) {
      throw KernelsApart.unexpected(e);
    }
  }

  @Override
  public void scatter(long from, int columns, int n, int stride, long to, long apart) {
    try {
      this.scatter.invokeExact(from, columns, n, stride, to, apart);
    } catch (Throwable e) {
      throw KernelsApart.unexpected(e);
    }
  }

  @Override
  public void logits(int blocks, int d, int stride, int classes, long h, long w, long z, int ld) {
    try {
      this.logits.invokeExact(blocks, d, stride, classes, h, w, z, ld);
    } catch (Throwable e) {
      throw KernelsApart.unexpected(e);
    }
  }

  @Override
  public void features(int blocks, int d, int stride, int classes, long w, long g, int ld, long out) {
    try {
      this.features.invokeExact(blocks, d, stride, classes, w, g, ld, out);
    } catch (Throwable e) {
      throw KernelsApart.unexpected(e);
    }
  }

  @Override
  public void outer(int blocks, int d, int stride, int classes, long g, int ld, long h, long sums) {
    try {
      this.outer.invokeExact(blocks, d, stride, classes, g, ld, h, sums);
    } catch (Throwable e) {
      throw KernelsApart.unexpected(e);
    }
  }

  @Override
  public void weighted(int blocks, long x, long y, long sums) {
    try {
      this.weighted.invokeExact(blocks, x, y, sums);
    } catch (Throwable e) {
      throw KernelsApart.unexpected(e);
    }
  }

  @Override
  public void reduce(long sums, int n, boolean add, long out) {
    try {
      this.reduce.invokeExact(sums, n, add, out);
    } catch (Throwable e) {
      throw KernelsApart.unexpected(e);
    }
  }

  @Override
  public void laneLogits(int samples, int d, int classes, long h, long w, long z, int ld) {
    try {
      this.laneLogits.invokeExact(samples, d, classes, h, w, z, ld);
    } catch (Throwable e) {
      throw KernelsApart.unexpected(e);
    }
  }

  @Override
  public void laneFeatures(int samples, int d, int classes, long w, long g, int ld, long out) {
    try {
      this.laneFeatures.invokeExact(samples, d, classes, w, g, ld, out);
    } catch (Throwable e) {
      throw KernelsApart.unexpected(e);
    }
  }

  @Override
  public void laneOuter(int samples, int d, int classes, long g, int ld, long h, long out) {
    try {
      this.laneOuter.invokeExact(samples, d, classes, g, ld, h, out);
    } catch (Throwable e) {
      throw KernelsApart.unexpected(e);
    }
  }

  @Override
  public void move(int blocks, int n, int stride, double eta, boolean nesterov, long parameters, long g, long v, long h) {
    try {
      this.move.invokeExact(blocks, n, stride, eta, nesterov, parameters, g, v, h);
    } catch (Throwable e) {
      throw KernelsApart.unexpected(e);
    }
  }

  @Override
  public void maxima(long z, int ld, int rows, int classes, long scale, long bias, long label, long max, long zy) {
    try {
      this.maxima.invokeExact(z, ld, rows, classes, scale, bias, label, max, zy);
    } catch (Throwable e) {
      throw KernelsApart.unexpected(e);
    }
  }

  @Override
  public void exponentials(long z, int ld, int rows, int classes, long max, long label, long sum) {
    try {
      this.exponentials.invokeExact(z, ld, rows, classes, max, label, sum);
    } catch (Throwable e) {
      throw KernelsApart.unexpected(e);
    }
  }

  @Override
  public void shares(int rows, long zy, long max, long s, long omega, long u, long py, long inverse, long factor, long gy, long argument) {
    try {
      this.shares.invokeExact(rows, zy, max, s, omega, u, py, inverse, factor, gy, argument);
    } catch (Throwable e) {
      throw KernelsApart.unexpected(e);
    }
  }

  @Override
  public void logarithms(int rows, long zy, long max, long loss) {
    try {
      this.logarithms.invokeExact(rows, zy, max, loss);
    } catch (Throwable e) {
      throw KernelsApart.unexpected(e);
    }
  }

  @Override
  public void squares(long z, int ld, int rows, int classes, long scale, long bias, long label, long norms) {
    try {
      this.squares.invokeExact(z, ld, rows, classes, scale, bias, label, norms);
    } catch (Throwable e) {
      throw KernelsApart.unexpected(e);
    }
  }

  @Override
  public void residuals(long z, int ld, int rows, int classes, long factor, long shift, long gy, long label, long scale, long sums) {
    try {
      this.residuals.invokeExact(z, ld, rows, classes, factor, shift, gy, label, scale, sums);
    } catch (Throwable e) {
      throw KernelsApart.unexpected(e);
    }
  }
}
