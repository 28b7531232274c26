package ufm.cuda;

/**
 * One of the libraries of the CUDA toolkit, and whether it can be opened.
 *
 * @param title what it is, for example {@code cuBLAS}
 * @param file the name under which it was opened, or null where none could be
 */
public record CudaLibrary(String title, String file) {

  /** Whether it can be opened. */
  public boolean present() {
    return file != null;
  }
}
