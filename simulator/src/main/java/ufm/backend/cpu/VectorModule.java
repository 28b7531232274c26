package ufm.backend.cpu;

import org.slf4j.LoggerFactory;

/**
 * The module of the Vector API. It is an incubator module: named on the command line ({@code --add-modules}), it makes the JVM print a
 * warning at every start and build its graph of modules anew, without which most of a cache of loaded classes lies idle. So the program is
 * started without it, and the module is added to the running JVM when a run turns out to be long, in the way in which the JVM adds its own
 * agents. That way is not public; the manifest of the program's archive opens it. Where it is closed, kernels stay plain loops, with the
 * same bits.
 */
final class VectorModule {
  private static final String NAME = "jdk.incubator.vector";
  private static final String WAY = "jdk.internal.module";

  private static boolean loaded = ModuleLayer.boot().findModule(NAME).isPresent();

  private VectorModule() {}

  /** Whether {@link #load} can be expected to succeed; starts nothing. */
  static synchronized boolean expected() {
    return loaded || Object.class.getModule().isExported(WAY, VectorModule.class.getModule());
  }

  /**
   * Adds the module, unless it is there. Safe for use by several threads.
   *
   * @return whether classes of the Vector API may be used now
   */
  static synchronized boolean load() {
    if (!loaded && expected()) {
      try {
        Class.forName(WAY + ".Modules").getMethod("loadModule", String.class).invoke(null, NAME);
        loaded = true;
      } catch (ReflectiveOperationException | RuntimeException e) {
        LoggerFactory.getLogger(CpuBackend.class).debug("kernels stay plain loops, since {} cannot be loaded", NAME, e);
      }
    }
    return loaded;
  }
}
