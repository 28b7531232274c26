package ufm.lab.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  /** Low, high: the ends of the numbers, neighbours, one number, none. */
  @ParameterizedTest
  @CsvSource({
    "true,0,1", "true,4.9e-324,4.9e-324", "true,1e-323,1", "true,1e-300,1.7e308", "true,1e308,Infinity", "true,1,1.0000000000000002", "true,3,3",
    "false,1,1.0000000000000002", "false,1e300,1.0000000000000002e300", "false,-1.7e308,1.7e308", "false,0,4.9e-324", "false,3,3", "false,0,0",
    "false,1e20,1e20", "false,-Infinity,Infinity", "false,NaN,NaN", "true,NaN,1"
  })
  void everyScaleHasFewTicksInOrder(boolean log, double low, double high) {
    Ruler r = Ruler.numbers(log, low, high);
    assertTrue(r.low() < r.high() && Double.isFinite(r.coordinate(r.low())) && Double.isFinite(r.coordinate(r.high())), r.toString());
    assertEquals(0, r.fraction(r.low()));
    assertEquals(1, r.fraction(r.high()));
    List<Ruler.Tick> ticks = assertTimeoutPreemptively(Duration.ofSeconds(5), r::ticks);
    assertTrue(ticks.size() <= 700, ticks.size() + " ticks");
    for (int i = 0; i < ticks.size(); i++) {
      double at = r.fraction(ticks.get(i).value());
      assertTrue(at > -0.2 && at < 1.2, ticks.get(i) + " at " + at);
      assertTrue(i == 0 || ticks.get(i).value() > ticks.get(i - 1).value(), ticks.toString());
    }
  }

  @Test
  void linearTicksAreRoundNumbers() {
    assertEquals(List.of("0", "1", "2", "3", "4", "5"), labels(Ruler.numbers(false, 0, 5.7)));
    assertEquals(List.of("\u22120.1", "\u22120.05", "0", "0.05", "0.1"), labels(Ruler.numbers(false, -0.12, 0.12)));
    assertEquals(List.of("2\u00d710^{\u22124}", "4\u00d710^{\u22124}", "6\u00d710^{\u22124}", "8\u00d710^{\u22124}"), labels(Ruler.numbers(false, 1e-4, 9e-4)));
  }
}
