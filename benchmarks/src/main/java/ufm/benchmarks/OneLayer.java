package ufm.benchmarks;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.cpu.CpuBackend;
import ufm.backend.cpu.CpuOptions;
import ufm.objective.UfmObjective;
import ufm.random.StartKind;
import ufm.solver.Problem;

/** A batch of models of one {@link Shape} on the full H, each lane with its own Gaussian start. */
@State(Scope.Benchmark)
public class OneLayer {
  private static final double START_SCALE = 0.1;
  private static final long SEED = 1;

  /** K x d x n: classes, feature dimension, samples per class. */
  @Param({"10x16x10", "10x64x100", "100x128x100", "1000x512x20"})
  public String shape = "10x16x10";

  /** Number of lanes. */
  @Param("1")
  public int lanes = 1;

  /** Threads of the backend. */
  @Param("1")
  public int threads = 1;

  private Backend backend;
  private UfmObjective objective;
  private Problem problem;
  private LaneBuffer start;

  /** One that is open. */
  public static OneLayer of(Shape shape, int lanes, int threads) {
    OneLayer model = new OneLayer();
    model.shape = shape.toString();
    model.lanes = lanes;
    model.threads = threads;
    model.open();
    return model;
  }

  /** Opens the backend and writes the starts. */
  @Setup(Level.Trial)
  public void open() {
    backend = CpuBackend.create(CpuOptions.defaults().withThreads(threads));
    objective = UfmObjective.full(backend, Shape.of(shape).problems(lanes));
    problem = Problem.unconstrained(objective);
    start = backend.allocate(lanes, objective.layout().size());
    int[] numbers = new int[lanes];
    for (int l = 0; l < lanes; l++) {
      numbers[l] = l;
    }
    objective.randomize(Lanes.all(lanes), start, StartKind.GAUSSIAN, START_SCALE, SEED, numbers);
  }

  /** Frees all. */
  @TearDown(Level.Trial)
  public void close() {
    start.close();
    objective.close();
    backend.close();
  }

  /** The backend. */
  public Backend backend() {
    return backend;
  }

  /** The objective, not reduced. */
  public UfmObjective objective() {
    return objective;
  }

  /** The objective over the whole space. */
  public Problem problem() {
    return problem;
  }

  /** The starting points; not to be modified. */
  public LaneBuffer start() {
    return start;
  }

  /** All lanes. */
  public Lanes all() {
    return Lanes.all(lanes);
  }
}
