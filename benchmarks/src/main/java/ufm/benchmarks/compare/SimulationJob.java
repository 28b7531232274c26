package ufm.benchmarks.compare;

import ufm.benchmarks.SimulateRecordingBenchmark;
import ufm.lab.simulate.Simulation;

/** A simulated run, with or without records on the way. */
final class SimulationJob implements Job {
  private final SimulateRecordingBenchmark simulation = new SimulateRecordingBenchmark();
  private Simulation.Result result;

  SimulationJob(Work work, int threads) {
    simulation.shape = work.shape().toString();
    simulation.threads = threads;
    simulation.records = work.task() == Task.SIMULATE_RECORDED ? 100 : 1;
    simulation.open();
  }

  @Override
  public void run() {
    result = simulation.simulate();
  }

  @Override
  public String outcome() {
    return result.iterations() + " steps, " + result.trajectory().size() + " records";
  }

  @Override
  public void close() {
    simulation.close();
  }
}
