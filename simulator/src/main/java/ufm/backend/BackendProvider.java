package ufm.backend;

import java.util.List;
import java.util.Map;

/**
 * Offers a backend by name. Providers are found through {@link java.util.ServiceLoader}, so that nothing above this package names the
 * class of a backend: the program runs without the GPU module, and finds it when it lies beside.
 */
public interface BackendProvider {

  /**
   * Something a backend could run on, for people.
   *
   * @param name for example the processor's model
   * @param properties facts under short names, in the order to be shown
   */
  record Device(String name, Map<String, String> properties) {}

  /** What {@code --backend} calls it: {@code cpu} or {@code cuda}. */
  String name();

  /** Whether {@link #open} can succeed on this machine. Cheap enough to be asked at every start. */
  boolean available();

  /** One sentence: what the backend is, or why it can't be opened here. */
  String statement();

  /** The devices found; may be empty, also where the backend is not available. May take some tens of milliseconds. */
  List<Device> devices();

  /** What else was found on this machine, in plain sentences; may be empty. */
  List<String> findings();

  /**
   * A new backend; the caller closes it.
   *
   * @param threads how many threads it may use on the host, 0 for one per processor
   * @throws BackendUnavailable where {@link #available} is false, with {@link #statement} as the message
   */
  Backend open(int threads);
}
