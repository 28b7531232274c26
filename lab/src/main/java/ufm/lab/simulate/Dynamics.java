package ufm.lab.simulate;

import ufm.lab.spec.OptimizerPlan;
import ufm.lab.spec.SchedulePlan;
import ufm.lab.spec.SpecError;
import ufm.problem.UfmProblem;
import ufm.solver.Adam;
import ufm.solver.GradientDescent;
import ufm.solver.GradientFlow;
import ufm.solver.Lbfgs;
import ufm.solver.ProjectedLbfgs;
import ufm.solver.Schedule;
import ufm.solver.Solver;

/** The solver that an experiment asks for. */
public final class Dynamics {
  private Dynamics() {}

  /**
   * The solver.
   *
   * @param plan its name and settings
   * @param iterations length of the run, over which a linear or cosine schedule runs
   * @param problem non-negative features need a projected method
   * @throws SpecError if the method can't keep the features non-negative
   */
  public static Solver<?> of(OptimizerPlan plan, long iterations, UfmProblem problem) {
    if (problem.nonNegativeFeatures()) {
      if (plan instanceof OptimizerPlan.Lbfgs(int memory)) {
        return new ProjectedLbfgs(memory, ProjectedLbfgs.standard().epsilon());
      }
      throw new SpecError("simulate.optimizer.name is " + plan.name() + ", but must be lbfgs (the projected one) where features are non-negative.");
    }
    return switch (plan) {
      case OptimizerPlan.GradientDescent gd ->
          new GradientDescent(schedule(gd.schedule(), gd.lr(), iterations), gd.momentum(), gd.dampening(), gd.nesterov());
      case OptimizerPlan.Adam adam -> new Adam(schedule(adam.schedule(), adam.lr(), iterations), adam.beta1(), adam.beta2(), adam.epsilon());
      case OptimizerPlan.Lbfgs lbfgs -> Lbfgs.withMemory(lbfgs.memory());
      case OptimizerPlan.Flow flow -> new GradientFlow(flow.endTime(), flow.rtol(), flow.atol());
    };
  }

  private static Schedule schedule(SchedulePlan plan, double lr, long iterations) {
    return switch (plan) {
      case SchedulePlan.Constant constant -> Schedule.constant(lr);
      case SchedulePlan.Step step -> new Schedule.StepDecay(lr, step.every(), step.factor());
      case SchedulePlan.Linear linear -> new Schedule.Linear(lr, lr * linear.end(), iterations);
      case SchedulePlan.Cosine cosine -> new Schedule.Cosine(lr, lr * cosine.end(), iterations);
    };
  }
}
