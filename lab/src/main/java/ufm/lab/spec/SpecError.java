package ufm.lab.spec;

/**
 * An experiment that can't be used as written. The message is one sentence for the person who wrote it: where, which field, what was
 * read, what is allowed. The command line prints it as it is and ends with exit code 2.
 */
public final class SpecError extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * @param sentence the whole message, with its full stop
   */
  public SpecError(String sentence) {
    super(sentence);
  }

  /**
   * "where: field is value, but must be allowed."
   *
   * @param where place of the value
   * @param field dotted name
   * @param value what was read
   * @param allowed end of the sentence "... must be ..."
   */
  static SpecError of(Where where, String field, Object value, String allowed) {
    return new SpecError(where.prefix() + field + " is " + shown(value) + ", but must be " + allowed + ".");
  }

  /** A value as a message shows it: long ones are cut. */
  static String shown(Object value) {
    String text = value == null ? "empty" : String.valueOf(value);
    return text.length() <= 80 ? text : text.substring(0, 77) + "...";
  }
}
