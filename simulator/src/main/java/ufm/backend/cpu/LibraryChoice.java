package ufm.backend.cpu;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether products go to OpenBLAS; decided, and logged, once. The library is not loaded before the first product that is worth it, so
 * that a run of tiny problems never pays for that. Safe for use by several threads.
 */
final class LibraryChoice {
  private static final Logger LOG = LoggerFactory.getLogger(CpuBackend.class);

  /** What the log has been told; a sweep has a backend for each worker. */
  private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

  private final CpuOptions.Blas wanted;
  private final String java;
  private volatile boolean decided;
  private volatile Products library;

  /**
   * @param wanted what the user asked for
   * @param java description of the Java kernel
   * @throws IllegalStateException if the library is demanded and cannot be loaded
   */
  LibraryChoice(CpuOptions.Blas wanted, String java) {
    this.wanted = wanted;
    this.java = java;
    if (wanted != CpuOptions.Blas.AUTO) {
      library();
    }
  }

  /** The library, loaded if need be, or null where products stay in Java. */
  Products library() {
    return decided ? library : decide();
  }

  private synchronized Products decide() {
    if (!decided) {
      if (wanted == CpuOptions.Blas.JAVA) {
        LOG.debug("matrix products: {}", java);
      } else {
        library = OpenBlas.load();
        if (library != null) {
          if (UnpackedProducts.fits(library.description())) {
            library = new UnpackedProducts(library);
          }
          tell("matrix products: " + library.description() + "; tiny ones: " + java);
        } else if (wanted == CpuOptions.Blas.NATIVE) {
          throw new IllegalStateException("OpenBLAS cannot be loaded: " + OpenBlas.failure());
        } else {
          tell("matrix products: " + java + ", since OpenBLAS cannot be loaded: " + OpenBlas.failure());
        }
      }
      decided = true;
    }
    return library;
  }

  /** What computes tiny products, and all of them where there is no library. */
  String java() {
    return java;
  }

  /** What computes the other products; null as long as none has needed a library, or where there is none. */
  String loaded() {
    Products l = library;
    return l == null ? null : l.description();
  }

  private static void tell(String message) {
    if (TOLD.add(message)) {
      LOG.info(message);
    }
  }

  /** What computes products, as far as it has been decided. */
  String description() {
    if (!decided) {
      return java + " (no product has needed OpenBLAS so far)";
    }
    return library == null ? java : library.description() + "; tiny ones: " + java;
  }
}
