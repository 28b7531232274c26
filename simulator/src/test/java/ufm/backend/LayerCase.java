package ufm.backend;

import java.util.Random;
import ufm.backend.ClassifierLayer.Kind;

/** A batch of random one-layer models on the host, and its copy on a backend. */
public final class LayerCase implements AutoCloseable {
  public final int lanes;
  public final int classes;
  public final int dimension;
  public final int columns;
  public final boolean learned;
  public final boolean biased;
  public final Kind kind;
  public final int[] labels;
  public final double[] parameter;
  public final double[][] weight;
  public final double[][] scale;
  public final double[][] fixedW;
  public final double[][] x;
  public final double[][] v;
  public final double[] lambdaW;
  public final double[] lambdaH;
  public final double[] lambdaB;
  private final Backend backend;
  private final LaneBuffer[] buffers;

  /** Random numbers depend on the seed and the lane number only, so a batch can be compared with single lanes. */
  public LayerCase(
      Backend backend, int lanes, int firstLane, int classes, int dimension, int columns, Kind kind, double parameter, boolean learned,
      boolean biased, double size, long seed) {
    this.backend = backend;
    this.lanes = lanes;
    this.classes = classes;
    this.dimension = dimension;
    this.columns = columns;
    this.kind = kind;
    this.learned = learned;
    this.biased = biased;
    labels = new Random(seed).ints(columns, 0, classes).toArray();
    this.parameter = new double[lanes];
    weight = new double[lanes][];
    scale = new double[lanes][];
    fixedW = new double[lanes][];
    x = new double[lanes][];
    v = new double[lanes][];
    lambdaW = new double[lanes];
    lambdaH = new double[lanes];
    lambdaB = new double[lanes];
    int n = (learned ? classes * dimension : 0) + dimension * columns + (biased ? classes : 0);
    for (int l = 0; l < lanes; l++) {
      Random r = new Random(seed * 1000 + firstLane + l);
      this.parameter[l] = parameter == 0 ? 0 : parameter * (1 + 0.25 * (firstLane + l));
      weight[l] = r.doubles(columns, 0.2 / columns, 2.0 / columns).toArray();
      scale[l] = r.doubles(columns, 0.3, 1.5).toArray();
      fixedW[l] = gaussian(r, classes * dimension, size);
      x[l] = gaussian(r, n, size);
      v[l] = gaussian(r, n, 1);
      lambdaW[l] = r.nextDouble();
      lambdaH[l] = r.nextDouble();
      lambdaB[l] = biased && l % 2 == 0 ? r.nextDouble() : 0;
    }
    buffers = new LaneBuffer[] {
      backend.allocate(lanes, classes * dimension), backend.allocate(lanes, columns), backend.allocate(lanes, columns)
    };
    for (int l = 0; l < lanes; l++) {
      backend.write(buffers[0], l, 0, fixedW[l], 0, fixedW[l].length);
      backend.write(buffers[1], l, 0, weight[l], 0, columns);
      backend.write(buffers[2], l, 0, scale[l], 0, columns);
    }
  }

  static double[] gaussian(Random r, int n, double size) {
    double[] a = new double[n];
    for (int i = 0; i < n; i++) {
      a[i] = size * r.nextGaussian();
    }
    return a;
  }

  /** Elements of a lane's variables. */
  public int size() {
    return x[0].length;
  }

  /** Offset of H. */
  public int hOffset() {
    return learned ? classes * dimension : 0;
  }

  /** Offset of b, or -1. */
  public int bOffset() {
    return biased ? hOffset() + dimension * columns : -1;
  }

  /** The layer on the backend. */
  public ClassifierLayer layer() {
    return new ClassifierLayer(
        classes, dimension, columns, learned ? 0 : -1, hOffset(), bOffset(), learned ? null : buffers[0], labels, kind, parameter, buffers[1],
        buffers[2], lambdaW, lambdaH, lambdaB);
  }

  /** A buffer that holds the given lanes. */
  public LaneBuffer upload(double[][] a) {
    return upload(backend, a);
  }

  /** A buffer that holds the given lanes. */
  public static LaneBuffer upload(Backend backend, double[][] a) {
    LaneBuffer b = backend.allocate(a.length, a[0].length);
    for (int l = 0; l < a.length; l++) {
      backend.write(b, l, 0, a[l], 0, a[l].length);
    }
    return b;
  }

  /** All lanes of a buffer. */
  public static double[][] download(Backend backend, LaneBuffer b) {
    double[][] a = new double[b.lanes()][(int) b.length()];
    for (int l = 0; l < a.length; l++) {
      backend.read(b, l, 0, a[l], 0, a[l].length);
    }
    return a;
  }

  @Override
  public void close() {
    for (LaneBuffer b : buffers) {
      b.close();
    }
  }
}
