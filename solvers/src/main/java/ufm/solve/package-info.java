/**
 * Solving: random starts as lanes, class-mean reduction where mathematics allows it, L-BFGS, a second-order polish, and the certificate of
 * the full problem at the end. Nothing here knows the theory's predictions.
 */
package ufm.solve;
