/**
 * Optimisers over batches of lanes: an immutable configuration ({@link ufm.solver.Solver}), a state that can be written and read back
 * ({@link ufm.solver.SolverState}), stopping criteria that combine and say why, recorders, and the loop that joins them.
 */
package ufm.solver;
