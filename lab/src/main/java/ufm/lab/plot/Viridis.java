package ufm.lab.plot;

import java.awt.Color;

/** The perceptually uniform colour map viridis (Smith and van der Walt 2015), from dark violet at 0 to yellow at 1. */
final class Viridis {
  private static final int[] STOPS = {
    0x440154, 0x482475, 0x414487, 0x355f8d, 0x2a788e, 0x21918c, 0x22a884, 0x44bf70, 0x7ad151, 0xbddf26, 0xfde725
  };

  private Viridis() {}

  /** The colour at t, which is clamped to [0, 1]. */
  static Color at(double t) {
    double u = Math.clamp(t, 0.0, 1.0) * (STOPS.length - 1);
    int i = Math.min((int) u, STOPS.length - 2);
    double f = u - i;
    return new Color(mix(i, 16, f), mix(i, 8, f), mix(i, 0, f));
  }

  private static int mix(int i, int shift, double f) {
    int a = STOPS[i] >> shift & 0xff;
    int b = STOPS[i + 1] >> shift & 0xff;
    return (int) Math.round(a + f * (b - a));
  }
}
