package ufm.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import ufm.backend.BackendProvider;
import ufm.backend.BackendUnavailable;

/** The probe against a driver written in Java, and on the machine the test runs on. */
class CudaDevicesTest {
  private static final String DRIVER = "libcuda.so.1";

  private static CudaDevices.Libraries system(FakeDriver driver, String... libraries) {
    List<String> present = Arrays.asList(libraries);
    SymbolLookup none = name -> Optional.empty();
    return (file, arena) ->
        file.equals(DRIVER) ? Optional.of(driver.symbols()) : present.contains(file) ? Optional.of(none) : Optional.empty();
  }

  @Test
  void readsEveryDeviceOfTheDriver() throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      FakeDriver driver = new FakeDriver(arena, 0, "NVIDIA H100 80GB HBM3", "NVIDIA H200");
      CudaProbe probe = CudaDevices.probe(DRIVER, system(driver, "libcublas.so.12", "libnvrtc.so.12", "libnvrtc.so.13"));
      assertEquals("12.8", probe.driver());
      assertEquals(
          List.of(
              new CudaDevice(0, "NVIDIA H100 80GB HBM3", 80L << 30, 9, 0, 132), new CudaDevice(1, "NVIDIA H200", 160L << 30, 9, 0, 132)),
          probe.devices());
      assertEquals("9.0", probe.devices().get(0).computeCapability());
      assertEquals(80.0, probe.devices().get(0).memoryGib());
      assertEquals(List.of(new CudaLibrary("cuBLAS", "libcublas.so.12"), new CudaLibrary("NVRTC", "libnvrtc.so.13")), probe.libraries());
      assertTrue(probe.complete());
      assertEquals("2 NVIDIA GPUs, driver for CUDA up to 12.8.", probe.statements().get(0));
    }
  }

  @Test
  void namesEachMissingLibraryAndHowToGetIt() throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      CudaProbe probe = CudaDevices.probe(DRIVER, system(new FakeDriver(arena, 0, "NVIDIA A100"), "libnvrtc.so.12"));
      assertFalse(probe.complete());
      assertEquals(3, probe.statements().size());
      String missing = probe.statements().get(1);
      assertTrue(missing.startsWith("cuBLAS is missing: neither libcublas.so.13 nor libcublas.so.12 can be opened"), missing);
      assertTrue(missing.contains("libcublas12") && missing.contains("CUDA toolkit"), missing);
      assertEquals("NVRTC was found as libnvrtc.so.12.", probe.statements().get(2));
    }
  }

  @Test
  void saysThatThereIsNoDriver() {
    CudaProbe probe = CudaDevices.probe(DRIVER, (file, arena) -> Optional.empty());
    assertEquals(List.of("No NVIDIA driver: libcuda.so.1 not found."), probe.statements());
    assertNull(probe.driver());
    assertFalse(probe.complete());
  }

  @Test
  void saysThatTheDriverFindsNoDevice() throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      CudaProbe probe = CudaDevices.probe(DRIVER, system(new FakeDriver(arena, 100)));
      assertEquals(
          List.of("An NVIDIA driver is installed, but it finds no GPU: cuInit answered 100 (CUDA_ERROR_NO_DEVICE)."), probe.statements());
      CudaProbe empty = CudaDevices.probe(DRIVER, system(new FakeDriver(arena, 0)));
      assertEquals(List.of("An NVIDIA driver for CUDA up to 12.8 is installed, but it finds no GPU."), empty.statements());
    }
  }

  @Test
  void passesOnTheDriversOwnError() throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      FakeDriver broken = new FakeDriver(arena, 803, "NVIDIA A100");
      assertEquals(
          List.of(
              "An NVIDIA driver is installed (libcuda.so.1), but it does not work: cuInit answered 803"
                  + " (CUDA_ERROR_SYSTEM_DRIVER_MISMATCH)."),
          CudaDevices.probe(DRIVER, system(broken)).statements());
      broken.remove("cuGetErrorName");
      assertTrue(CudaDevices.probe(DRIVER, system(broken)).statements().get(0).endsWith("cuInit answered 803."));
      FakeDriver old = new FakeDriver(arena, 0, "NVIDIA A100");
      old.remove("cuDeviceTotalMem_v2");
      assertTrue(CudaDevices.probe(DRIVER, system(old)).statements().get(0).endsWith("cuDeviceTotalMem_v2 is not in it."));
    }
  }

  @Test
  void knowsWhereTheDriverCouldBe() {
    assertEquals(DRIVER, CudaDevices.driverFile("Linux"));
    assertNull(CudaDevices.driverFile("Mac OS X"));
    assertEquals(List.of("CUDA does not exist for this operating system."), CudaDevices.probe(null, (f, a) -> Optional.empty()).statements());
  }

  @Test
  void theProbeOfThisMachineIsConsistent() {
    CudaProbe probe = CudaDevices.probe();
    assertFalse(probe.statements().isEmpty());
    assertTrue(probe.devices().isEmpty() || probe.driver() != null);
    assertEquals(probe.devices().isEmpty() ? 0 : 2, probe.libraries().size());
    assertTrue(probe.statements().stream().allMatch(s -> s.endsWith(".")), probe.statements().toString());
  }

  @Test
  void theProviderIsFoundAndRefusesHonestly() {
    BackendProvider cuda =
        ServiceLoader.load(BackendProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(p -> p.name().equals("cuda"))
            .findFirst()
            .orElseThrow();
    assertFalse(cuda.available());
    assertEquals(CudaDevices.probe().statements(), cuda.findings());
    BackendUnavailable refusal = assertThrows(BackendUnavailable.class, () -> cuda.open(0));
    assertEquals(cuda.statement(), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("no CUDA backend yet"));
  }
}
