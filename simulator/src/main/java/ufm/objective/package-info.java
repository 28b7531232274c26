/** Objectives: value, gradient and curvature of a batch of problems, written on a {@link ufm.backend.Backend}. */
package ufm.objective;
