/**
 * Rigorous bounds on f - f* that hold at any point, not only at convergence: the duality gap of the convex nuclear-norm form for
 * cross-entropy, label smoothing and mean squared error (theory sheet, section D), and strong convexity where the classifier is fixed
 * (A8). Every number that a bound rests on carries its rounding: see {@link ufm.certify.DualityGap}.
 */
package ufm.certify;
