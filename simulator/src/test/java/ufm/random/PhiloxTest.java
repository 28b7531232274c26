package ufm.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PhiloxTest {

  /** Known answers of the reference distribution (Random123, philox4x32 with 10 rounds). */
  @Test
  void knownAnswers() {
    int[] out = new int[4];
    Philox.block(0, 0, 0, 0, 0, out);
    assertArrayEquals(new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}, out);
    Philox.block(-1L, -1, -1, -1, -1, out);
    assertArrayEquals(new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}, out);
    Philox.block(0x299f31d0_a4093822L, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, out);
    assertArrayEquals(new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}, out);
  }

  @Test
  void gaussianHasTheMomentsOfAStandardNormal() {
    int n = 200_000;
    double m1 = 0;
    double m2 = 0;
    double m3 = 0;
    double m4 = 0;
    for (int i = 0; i < n; i++) {
      double g = Philox.gaussian(42, 3, 1, i);
      m1 += g;
      m2 += g * g;
      m3 += g * g * g;
      m4 += g * g * g * g;
    }
    // Five standard errors of each moment: sqrt(1/n), sqrt(2/n), sqrt(15/n), sqrt(96/n).
    assertEquals(0, m1 / n, 5 * Math.sqrt(1.0 / n));
    assertEquals(1, m2 / n, 5 * Math.sqrt(2.0 / n));
    assertEquals(0, m3 / n, 5 * Math.sqrt(15.0 / n));
    assertEquals(3, m4 / n, 5 * Math.sqrt(96.0 / n));
  }

  @Test
  void everyCoordinateOfTheKeyChangesTheNumber() {
    double base = Philox.uniform(1, 2, 3, 4);
    assertTrue(base >= 0 && base < 1);
    assertTrue(base != Philox.uniform(2, 2, 3, 4));
    assertTrue(base != Philox.uniform(1, 3, 3, 4));
    assertTrue(base != Philox.uniform(1, 2, 4, 4));
    assertTrue(base != Philox.uniform(1, 2, 3, 5));
    assertTrue(base != Philox.uniform(1, 2, 3, 4 + (1L << 32)));
    assertEquals(base, Philox.uniform(1, 2, 3, 4));
  }
}
