package ufm.lab.plot;

/**
 * A line through points of a diagram.
 *
 * @param x coordinates along the first axis, in its values
 * @param y coordinates along the second axis, in its values
 */
public record Curve(double[] x, double[] y) {}
