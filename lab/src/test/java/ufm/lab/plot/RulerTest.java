package ufm.lab.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RulerTest {
  private static List<String> labels(Ruler r) {
    return r.ticks().stream().map(Ruler.Tick::label).filter(Objects::nonNull).toList();
  }

  @Test
  void powersOfTenAreLabelledOnLogScales() {
    Ruler r = Ruler.numbers(true, 9e-4, 1.1);
    assertEquals(List.of("10^{\u22123}", "10^{\u22122}", "10^{\u22121}", "10^{0}"), labels(r));
    assertEquals(4 + 1 + 3 * 8, r.ticks().size(), "minor ticks at 2 to 9, and the one at 9e-4");
    assertEquals(0.5, Ruler.numbers(true, 1e-4, 1).fraction(1e-2), 1e-15);
  }

  @Test
  void manyDecadesAreThinnedOut() {
    List<String> labels = labels(Ruler.numbers(true, 1e-16, 1));
    assertTrue(labels.size() >= 5 && labels.size() <= 10, labels.toString());
  }

  @Test
  void lessThanTwoDecadesShowNumbers() {
    assertEquals(List.of("0.2", "0.5", "1", "2"), labels(Ruler.numbers(true, 0.15, 3)));
  }

  @Test
  void linearTicksAreRoundNumbers() {
    assertEquals(List.of("0", "1", "2", "3", "4", "5"), labels(Ruler.numbers(false, 0, 5.7)));
    assertEquals(List.of("\u22120.1", "\u22120.05", "0", "0.05", "0.1"), labels(Ruler.numbers(false, -0.12, 0.12)));
    assertEquals(List.of("2\u00d710^{\u22124}", "4\u00d710^{\u22124}", "6\u00d710^{\u22124}", "8\u00d710^{\u22124}"), labels(Ruler.numbers(false, 1e-4, 9e-4)));
  }
}
