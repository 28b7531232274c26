/**
 * Figures: heat maps and curves of sweeps as PNG, SVG and PDF. Drawn here rather than by a chart library, because a phase diagram needs
 * logarithmic axes, cells as wide as their grid says, hatching, regions without a value, and theory's boundary on top.
 */
package ufm.lab.plot;
