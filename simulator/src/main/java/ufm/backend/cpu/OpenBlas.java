package ufm.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Products by OpenBLAS through the foreign function API, always on one thread: two threads would change the bits, and work is divided
 * above. The library is unpacked and loaded when {@link #load} is first called.
 */
final class OpenBlas implements Products {
  private static final int COLUMN_MAJOR = 102;
  private static final int PLAIN = 111;
  private static final int TRANSPOSED = 112;

  /** What was found at the one attempt to load; initialised by the first call of {@link #load}. */
  private static final class Library {
    static final MethodHandle DGEMM;
    static final OpenBlas INSTANCE;
    static final String FAILURE;

    static {
      MethodHandle dgemm = null;
      OpenBlas instance = null;
      String failure = null;
      try {
        SymbolLookup symbols = open();
        Linker linker = Linker.nativeLinker();
        // Pointers are passed as plain addresses, so that a call allocates nothing.
        dgemm = linker.downcallHandle(
            symbols.findOrThrow("cblas_dgemm"),
            FunctionDescriptor.ofVoid(
                JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_DOUBLE, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_DOUBLE,
                JAVA_LONG, JAVA_INT));
        linker.downcallHandle(symbols.findOrThrow("openblas_set_num_threads"), FunctionDescriptor.ofVoid(JAVA_INT)).invokeExact(1);
        instance = new OpenBlas(text(linker, symbols, "openblas_get_config") + " on " + text(linker, symbols, "openblas_get_corename"));
      } catch (Throwable t) {
        failure = t.getMessage() == null ? t.toString() : t.getMessage();
      }
      DGEMM = dgemm;
      INSTANCE = instance;
      FAILURE = failure;
    }

    private static String text(Linker linker, SymbolLookup symbols, String function) throws Throwable {
      MemorySegment s = (MemorySegment) linker.downcallHandle(symbols.findOrThrow(function), FunctionDescriptor.of(ADDRESS)).invokeExact();
      return s.reinterpret(4096).getString(0).strip().replaceAll("\\s+", " ");
    }

    private static SymbolLookup open() throws IOException {
      if (NativeArchive.version() == null) {
        throw new IOException("no OpenBLAS on the class path");
      }
      prepare();
      try {
        return open(NativeArchive.unpack(NativeArchive.cache()));
      } catch (IOException | SecurityException e) {
        // A home that cannot be written or trusted: a private directory that goes when this process ends.
        Path own = Files.createTempDirectory("ufm-openblas");
        List<Path> files = NativeArchive.unpack(own);
        own.toFile().deleteOnExit();
        files.forEach(f -> f.toFile().deleteOnExit());
        return open(files);
      }
    }

    private static SymbolLookup open(List<Path> files) {
      SymbolLookup last = null;
      for (Path f : files) {
        if (f.getFileName().toString().startsWith("libgcc_s") && systemHas(f.getFileName().toString())) {
          continue;
        }
        last = SymbolLookup.libraryLookup(f, Arena.global());
      }
      return last;
    }

    private static boolean systemHas(String library) {
      try {
        SymbolLookup.libraryLookup(library, Arena.global());
        return true;
      } catch (IllegalArgumentException e) {
        return false;
      }
    }

    /**
     * What OpenBLAS reads from the environment while it is loaded: it starts its threads then, and it takes new AMD processors with
     * 512-bit registers for old ones with 256.
     */
    private static void prepare() {
      environment("OPENBLAS_NUM_THREADS", "1", true);
      if (amdWithAvx512()) {
        environment("OPENBLAS_CORETYPE", "SkylakeX", false);
      }
    }

    private static boolean amdWithAvx512() {
      Path info = Path.of("/proc/cpuinfo");
      if (!NativeArchive.platform().equals("linux-x86_64") || !Files.isReadable(info)) {
        return false;
      }
      try (Stream<String> lines = Files.lines(info)) {
        List<String> first = lines.limit(40).toList();
        return first.stream().anyMatch(l -> l.startsWith("vendor_id") && l.contains("AuthenticAMD"))
            && first.stream().anyMatch(
                l -> l.startsWith("flags") && List.of(l.split(" ")).containsAll(List.of("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl")));
      } catch (IOException | UncheckedIOException e) {
        return false;
      }
    }

    private static void environment(String name, String value, boolean overwrite) {
      Linker linker = Linker.nativeLinker();
      linker.defaultLookup().find("setenv").ifPresent(setenv -> {
        try (Arena arena = Arena.ofConfined()) {
          MethodHandle call = linker.downcallHandle(setenv, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
          int result = (int) call.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), overwrite ? 1 : 0);
          if (result != 0) {
            throw new IllegalStateException("setenv " + name + " failed");
          }
        } catch (Throwable t) {
          throw new IllegalStateException("setenv " + name, t);
        }
      });
    }
  }

  private final String description;

  private OpenBlas(String description) {
    this.description = description;
  }

  /** The library, or null where it cannot be loaded; see {@link #failure}. */
  static OpenBlas load() {
    return Library.INSTANCE;
  }

  /** Why {@link #load} gave nothing. */
  static String failure() {
    return Library.FAILURE;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public void gemm(
      boolean transA, boolean transB, int m, int n, int k, double alpha, long a, int lda, long b, int ldb, double beta, long c, int ldc) {
    try {
      Library.DGEMM.invokeExact(
          COLUMN_MAJOR, transA ? TRANSPOSED : PLAIN, transB ? TRANSPOSED : PLAIN, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    } catch (Throwable t) {
      throw new IllegalStateException("cblas_dgemm failed", t);
    }
  }
}
