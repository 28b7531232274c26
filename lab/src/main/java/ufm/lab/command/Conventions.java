package ufm.lab.command;

import java.util.List;
import ufm.backend.Backend;
import ufm.objective.UfmObjective;
import ufm.problem.UfmProblem;

/** The formula, with its constants, that an output is about. */
final class Conventions {
  private Conventions() {}

  /** Formula of the full objective of a problem. */
  static String formula(Backend backend, UfmProblem problem) {
    try (UfmObjective objective = UfmObjective.full(backend, List.of(problem))) {
      return objective.formula();
    }
  }
}
