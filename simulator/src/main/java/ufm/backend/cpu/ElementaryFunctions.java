package ufm.backend.cpu;

/** exp and log1p. */
final class ElementaryFunctions {
  private ElementaryFunctions() {}

  static double exp(double x) {
    return StrictMath.exp(x);
  }

  static double log1p(double x) {
    return StrictMath.log1p(x);
  }
}
