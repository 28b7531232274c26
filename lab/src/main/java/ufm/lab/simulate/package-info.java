/** Following an optimiser or the gradient flow on the full problem, and keeping what it passes: a table (CSV) and a plot. */
package ufm.lab.simulate;
