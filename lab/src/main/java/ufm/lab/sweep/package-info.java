/**
 * Phase diagrams: the grid of a sweep, the schedule that cuts it into batches of lanes, the engine that works them off on several threads
 * while finished rows land in the results database, and the bisection that finds where a phase ends.
 *
 * <p>Theory meets measurement here, in the rows; the solver that made them never sees it.
 */
package ufm.lab.sweep;
