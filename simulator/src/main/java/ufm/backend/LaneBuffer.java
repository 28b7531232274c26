package ufm.backend;

/**
 * One vector of {@code length} elements for each of {@code lanes} lanes: an opaque handle of the backend that made it.
 *
 * <p>Lanes lie {@code stride} elements apart, a multiple of 64 bytes. Only the backend that allocated it can read or write it.
 */
public interface LaneBuffer extends AutoCloseable {
  /** Number of lanes. */
  int lanes();

  /** Elements used in each lane. */
  long length();

  /** Elements from the start of a lane to the start of the next. */
  long stride();

  /** How an element is stored. */
  Precision precision();

  /** Frees the memory; the handle must not be used afterwards. Closing twice does nothing. */
  @Override
  void close();
}
