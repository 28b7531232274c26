package ufm.lab.sweep;

import java.util.List;
import ufm.problem.UfmProblem;
import ufm.solve.SolveOptions;

/**
 * One cell of a grid.
 *
 * @param axes value of each axis: Double, Long or String
 * @param problem the problem there
 * @param options how to solve it
 */
public record Cell(List<Object> axes, UfmProblem problem, SolveOptions options) {}
