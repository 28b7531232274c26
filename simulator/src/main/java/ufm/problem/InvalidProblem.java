package ufm.problem;

/**
 * A specification that makes no sense: names the field, what was read and what is allowed, in one sentence.
 *
 * <p>The command line prints the message as it is and ends with exit code 2.
 */
public final class InvalidProblem extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String field;

  /**
   * @param field dotted name of the field as in an experiment file, for example {@code lambda.W}
   * @param value what was read
   * @param allowed what is allowed, as the end of the sentence "... must be ..."
   */
  public InvalidProblem(String field, Object value, String allowed) {
    super(field + " is " + value + ", but must be " + allowed + ".");
    this.field = field;
  }

  /** Dotted name of the offending field. */
  public String field() {
    return field;
  }
}
