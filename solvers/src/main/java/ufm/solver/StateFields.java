package ufm.solver;

import ufm.backend.LaneBuffer;

/**
 * Visits all mutable data of a state under stable names. One description serves both ways: a writer reads the arrays, a reader fills
 * them in place.
 */
public interface StateFields {
  /** An array of doubles. */
  void doubles(String name, double[] values);

  /** An array of longs. */
  void longs(String name, long[] values);

  /** An array of ints. */
  void ints(String name, int[] values);

  /** An array of booleans. */
  void booleans(String name, boolean[] values);

  /** An array of texts, entries may be null. */
  void texts(String name, String[] values);

  /** A buffer with all its lanes. */
  void buffer(String name, LaneBuffer buffer);
}
