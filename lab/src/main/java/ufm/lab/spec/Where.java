package ufm.lab.spec;

/**
 * Where a value was written: in a file, in a {@code --set}, or by a program (a sweep axis).
 *
 * @param origin name of the file, or the text of the override
 * @param line line in the file, from 1; 0 where there are no lines
 */
record Where(String origin, int line) {

  /** In a file. */
  static Where file(String origin, int line) {
    return new Where(origin, line);
  }

  /** In an override; {@code text} is for example {@code --set lambda.W=-1}. */
  static Where override(String text) {
    return new Where(text, 0);
  }

  /** Whether this stands over the file. */
  boolean overrides() {
    return line == 0;
  }

  /** Start of a message. */
  String prefix() {
    return origin.isEmpty() ? "" : line > 0 ? origin + ":" + line + ": " : origin + ": ";
  }
}
