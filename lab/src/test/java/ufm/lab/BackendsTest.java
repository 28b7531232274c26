package ufm.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import ufm.backend.Backend;
import ufm.backend.BackendProvider;
import ufm.backend.BackendUnavailable;

class BackendsTest {
  private final List<String> opened = new ArrayList<>();

  private BackendProvider provider(String name, boolean available) {
    return new BackendProvider() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public boolean available() {
        return available;
      }

      @Override
      public String statement() {
        return name + " is " + (available ? "there." : "not there.");
      }

      @Override
      public List<Device> devices() {
        return List.of();
      }

      @Override
      public List<String> findings() {
        return List.of();
      }

      @Override
      public Backend open(int threads) {
        opened.add(name + threads);
        return null;
      }
    };
  }

  @Test
  void autoTakesTheGpuWhereItCanRunElseTheCpu() {
    Backends.choose("auto", 2, List.of(provider("cpu", true), provider("cuda", true)));
    Backends.choose("auto", 3, List.of(provider("cpu", true), provider("cuda", false)));
    Backends.choose("cpu", 1, List.of(provider("cpu", true), provider("cuda", true)));
    assertEquals(List.of("cuda2", "cpu3", "cpu1"), opened);
  }

  @Test
  void refusesInOneSentence() {
    List<BackendProvider> both = List.of(provider("cpu", true), provider("cuda", false));
    assertEquals("cuda is not there.", assertThrows(BackendUnavailable.class, () -> Backends.choose("cuda", 0, both)).getMessage());
    assertEquals(
        "backend is tpu, but must be one of auto, cpu, cuda.",
        assertThrows(BackendUnavailable.class, () -> Backends.choose("tpu", 0, both)).getMessage());
    assertEquals(
        "threads is -1, but must be a whole number of at least 0 and at most 1024 (0 means one per processor).",
        assertThrows(BackendUnavailable.class, () -> Backends.choose("cpu", -1, both)).getMessage());
    assertEquals(List.of(), opened);
  }

  @Test
  void theInstalledProvidersAreTheCpuAndAnHonestCuda() {
    assertEquals(List.of("cpu", "cuda"), Backends.providers().stream().map(BackendProvider::name).toList());
    try (Backend backend = Backends.open("auto", 1)) {
      assertEquals("cpu", backend.name());
    }
    assertThrows(BackendUnavailable.class, () -> Backends.open("cuda", 0));
  }
}
