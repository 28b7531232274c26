/**
 * What a theorist writes down: the one-layer unconstrained features model as plain data.
 *
 * <p>Nothing here computes. Objectives, predictions and certificates all read this package and do not read each other, so
 * that a prediction shares no arithmetic with what it is held against.
 */
package ufm.problem;
