package ufm.backend;

/**
 * A backend was asked for that can't run here; the message is one sentence that says why and what to do.
 *
 * <p>The command line prints the message as it is and ends with exit code 2.
 */
public final class BackendUnavailable extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one sentence: which backend, why not, what to do
   */
  public BackendUnavailable(String message) {
    super(message);
  }
}
