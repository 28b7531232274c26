package ufm.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

/** The line search alone, on functions of one variable. */
class WolfeSearchProperties {
  private static final double C1 = 1e-4;
  private static final double C2 = 0.9;

  /** Value and slope. */
  private interface Curve {
    double value(double t);

    double slope(double t);
  }

  private static double search(Curve phi, double first, double c2) {
    WolfeSearch s = new WolfeSearch(1, C1, c2);
    s.begin(0, phi.value(0), phi.slope(0), first);
    for (int trial = 0; trial <= WolfeSearch.MAX_TRIALS; trial++) {
      double t = s.step[0];
      switch (s.advance(0, phi.value(t), phi.slope(t))) {
        case ACCEPT -> {
          assertEquals(t, s.step[0], 0);
          return t;
        }
        case FAIL -> throw new AssertionError("no step found from " + first);
        case TRY -> assertTrue(s.step[0] > 0 && Double.isFinite(s.step[0]), () -> "step " + s.step[0]);
      }
    }
    throw new AssertionError("the search does not end");
  }

  private static void assertStrongWolfe(Curve phi, double first, double c2) {
    double t = search(phi, first, c2);
    assertTrue(phi.value(t) <= phi.value(0) + C1 * t * phi.slope(0), "decrease at " + t);
    assertTrue(Math.abs(phi.slope(t)) <= c2 * Math.abs(phi.slope(0)), "curvature at " + t);
  }

  /** Moré and Thuente's first test function, {@code -t / (t^2 + beta)}, from steps over ten decades. */
  @Property(tries = 200)
  void aFunctionWithOneMinimumAndAConcaveTail(
      @ForAll @DoubleRange(min = 0.5, max = 5) double beta, @ForAll @DoubleRange(min = -5, max = 4) double exponent) {
    assertStrongWolfe(new Curve() {
      @Override
      public double value(double t) {
        return -t / (t * t + beta);
      }

      @Override
      public double slope(double t) {
        return (t * t - beta) / ((t * t + beta) * (t * t + beta));
      }
    }, Math.pow(10, exponent), 0.1);
  }

  /** A quartic with two valleys and a hill between them. */
  @Property(tries = 200)
  void twoValleys(
      @ForAll @DoubleRange(min = 0.5, max = 3) double a, @ForAll @DoubleRange(min = -0.3, max = 0.3) double tilt,
      @ForAll @DoubleRange(min = -4, max = 3) double exponent) {
    Curve quartic = new Curve() {
      private final double shift = a + 0.5;

      @Override
      public double value(double t) {
        double u = t - shift;
        return u * u * u * u / 4 - a * a * u * u / 2 + tilt * u + 10;
      }

      @Override
      public double slope(double t) {
        double u = t - shift;
        return u * u * u - a * a * u + tilt;
      }
    };
    if (quartic.slope(0) < -1e-3) {
      assertStrongWolfe(quartic, Math.pow(10, exponent), C2);
    }
  }

  /** A function that is not finite beyond a wall: the step is shortened until it is inside. */
  @Property(tries = 100)
  void aWall(@ForAll @DoubleRange(min = 0.1, max = 10) double wall, @ForAll @DoubleRange(min = -2, max = 5) double exponent) {
    assertStrongWolfe(new Curve() {
      @Override
      public double value(double t) {
        return t < wall ? -Math.log(wall - t) - 4 * t / wall : Double.NaN;
      }

      @Override
      public double slope(double t) {
        return t < wall ? 1 / (wall - t) - 4 / wall : Double.NaN;
      }
    }, Math.pow(10, exponent), C2);
  }

  /**
   * Where the value is all rounding, the slopes alone decide: the accepted step satisfies the approximate Wolfe test although the values
   * that the search sees are noise.
   */
  @Property(tries = 200)
  void nearRoundingTheSlopesDecide(
      @ForAll @DoubleRange(min = -1, max = 1) double noise, @ForAll @DoubleRange(min = 0.1, max = 10) double best,
      @ForAll @DoubleRange(min = -3, max = 3) double exponent) {
    Curve noisy = new Curve() {
      @Override
      public double value(double t) {
        return 1 + (t == 0 ? 0 : 4e-16 * Math.rint(2 * noise * Math.cos(1000 * t)));
      }

      @Override
      public double slope(double t) {
        return 1e-9 * (t / best - 1);
      }
    };
    double t = search(noisy, Math.pow(10, exponent), C2);
    assertTrue(noisy.slope(t) >= C2 * noisy.slope(0) && noisy.slope(t) <= (2 * C1 - 1) * noisy.slope(0), "slope at " + t);
  }
}
