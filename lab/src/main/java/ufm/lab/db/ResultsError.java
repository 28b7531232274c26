package ufm.lab.db;

/**
 * A results database that can't be read, written or continued. The message is one sentence for a person; the command line prints it as it
 * is and ends with exit code 2.
 */
public final class ResultsError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** One sentence with its full stop. */
  public ResultsError(String sentence) {
    super(sentence);
  }

  /** One sentence with its full stop, and what lies behind it. */
  public ResultsError(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
