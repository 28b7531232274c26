package ufm.backend;

/** How an element is stored. Inner products and step tests are in double precision whichever is chosen. */
public enum Precision {
  /** IEEE 754 binary64, the default everywhere. */
  FLOAT64(8),
  /** IEEE 754 binary32, storage for dynamics on devices that offer it. */
  FLOAT32(4);

  private final int bytes;

  Precision(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }
}
