package ufm.cuda;

/** A call of the CUDA driver failed. */
final class DriverException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int code;

  /**
   * @param function name of the driver's function
   * @param code its result, not 0
   * @param name the driver's own name of the result, or null
   */
  DriverException(String function, int code, String name) {
    super(function + " answered " + code + (name == null ? "" : " (" + name + ")"));
    this.code = code;
  }

  /** A function is not in the library. */
  DriverException(String function) {
    super(function + " is not in it");
    this.code = 0;
  }

  /** The driver's result, 0 where the function does not exist. */
  int code() {
    return code;
  }
}
