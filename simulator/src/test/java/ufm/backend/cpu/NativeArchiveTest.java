package ufm.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import ufm.backend.Backend;
import ufm.backend.ClassifierLayer.Kind;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.LayerCase;

/** Unpacking the native library, and when it is loaded. */
@EnabledOnOs(OS.LINUX)
class NativeArchiveTest {
  @TempDir Path directory;

  @Test
  void unpacksOnceIntoAPrivateDirectoryAndRepairsWhatIsCutShort() throws IOException {
    Path target = directory.resolve("cache/openblas");
    List<Path> files = NativeArchive.unpack(target);
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(target)));
    Path library = files.getLast();
    long size = Files.size(library);
    assertTrue(size > 1_000_000);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(library)));
    var written = Files.getLastModifiedTime(library);
    NativeArchive.unpack(target);
    assertEquals(written, Files.getLastModifiedTime(library), "a complete file is left alone");
    Files.write(library, new byte[100]);
    NativeArchive.unpack(target);
    assertEquals(size, Files.size(library));
    try (Stream<Path> all = Files.list(target)) {
      assertFalse(all.anyMatch(f -> f.toString().endsWith(".part")), "temporary files are gone");
    }
  }

  @Test
  void aDirectoryThatOthersMayWriteIsRefused() throws IOException {
    Path open = Files.createDirectory(directory.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThrows(IOException.class, () -> NativeArchive.unpack(open));
  }

  @Test
  void tinyProblemsDoNotLoadTheLibrary() {
    try (Backend b = CpuBackend.create(new CpuOptions(1, CpuOptions.Blas.AUTO, CpuOptions.Kernels.AUTO))) {
      evaluate(b, 3, 4, 5);
      evaluate(b, 10, 16, 100);
      assertTrue(b.description().contains("no product has needed OpenBLAS"), b.description());
      assertFalse(b.provenance().containsKey("blas"), b.provenance().toString());
      evaluate(b, 40, 16, 100);
      assertTrue(b.provenance().get("blas").startsWith("OpenBLAS"), b.provenance().toString());
    }
  }

  private static void evaluate(Backend b, int classes, int dimension, int columns) {
    try (LayerCase c = new LayerCase(b, 1, 0, classes, dimension, columns, Kind.SOFTMAX, 0, true, true, 1, 1);
        LaneBuffer x = c.upload(c.x);
        LaneBuffer g = b.allocate(1, c.size())) {
      b.fitGradient(Lanes.all(1), c.layer(), x, new double[1], g);
    }
  }

  @Test
  void aClosedBackendSaysSo() {
    Backend b = CpuBackend.create(new CpuOptions(2, CpuOptions.Blas.JAVA, CpuOptions.Kernels.SCALAR));
    try (LaneBuffer x = b.allocate(1, 4)) {
      b.close();
      b.close();
      assertThrows(IllegalStateException.class, () -> b.fill(Lanes.all(1), 1, x));
      assertThrows(IllegalStateException.class, () -> b.gemm(Lanes.all(1), false, false, 1, 1, 1, 1, x, 0, 1, x, 1, 1, 0, x, 2, 1));
    }
  }
}
