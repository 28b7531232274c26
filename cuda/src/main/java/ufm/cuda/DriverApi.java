package ufm.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The few functions of the CUDA driver that describe its devices. Every call either succeeds or throws with the driver's own name of the
 * error.
 *
 * <p>Reference: NVIDIA, CUDA Driver API (initialisation, version and device management); {@code CUresult}, {@code CUdevice} are C ints,
 * {@code size_t} is 64 bits.
 */
final class DriverApi {
  /** {@code CUDA_ERROR_NO_DEVICE}. */
  static final int NO_DEVICE = 100;

  private static final int MULTIPROCESSOR_COUNT = 16;
  private static final int CAPABILITY_MAJOR = 75;
  private static final int CAPABILITY_MINOR = 76;
  private static final int NAME_LENGTH = 256;

  private final SymbolLookup symbols;
  private final Arena arena;
  private final Linker linker = Linker.nativeLinker();

  /**
   * @param symbols where the driver's functions are
   * @param arena for the results of calls; not closed here
   */
  DriverApi(SymbolLookup symbols, Arena arena) {
    this.symbols = symbols;
    this.arena = arena;
  }

  /** Starts the driver; the first call of all. */
  void init() throws DriverException {
    call("cuInit", FunctionDescriptor.of(JAVA_INT, JAVA_INT), 0);
  }

  /** Newest CUDA version the driver supports, as {@code major.minor}. */
  String version() throws DriverException {
    MemorySegment out = arena.allocate(JAVA_INT);
    call("cuDriverGetVersion", FunctionDescriptor.of(JAVA_INT, ADDRESS), out);
    int v = out.get(JAVA_INT, 0);
    return v / 1000 + "." + v % 1000 / 10;
  }

  /** Number of devices. */
  int deviceCount() throws DriverException {
    MemorySegment out = arena.allocate(JAVA_INT);
    call("cuDeviceGetCount", FunctionDescriptor.of(JAVA_INT, ADDRESS), out);
    return out.get(JAVA_INT, 0);
  }

  /**
   * Describes a device.
   *
   * @param ordinal from 0
   */
  CudaDevice device(int ordinal) throws DriverException {
    MemorySegment handle = arena.allocate(JAVA_INT);
    call("cuDeviceGet", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), handle, ordinal);
    int device = handle.get(JAVA_INT, 0);
    MemorySegment name = arena.allocate(MemoryLayout.sequenceLayout(NAME_LENGTH, JAVA_BYTE));
    call("cuDeviceGetName", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT), name, NAME_LENGTH, device);
    MemorySegment bytes = arena.allocate(JAVA_LONG);
    call("cuDeviceTotalMem_v2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), bytes, device);
    return new CudaDevice(
        ordinal, name.getString(0).strip(), bytes.get(JAVA_LONG, 0), attribute(CAPABILITY_MAJOR, device),
        attribute(CAPABILITY_MINOR, device), attribute(MULTIPROCESSOR_COUNT, device));
  }

  private int attribute(int attribute, int device) throws DriverException {
    MemorySegment out = arena.allocate(JAVA_INT);
    call("cuDeviceGetAttribute", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT), out, attribute, device);
    return out.get(JAVA_INT, 0);
  }

  private void call(String function, FunctionDescriptor type, Object... arguments) throws DriverException {
    int code = invoke(handle(function, type), arguments);
    if (code != 0) {
      throw new DriverException(function, code, errorName(code));
    }
  }

  private MethodHandle handle(String function, FunctionDescriptor type) throws DriverException {
    MemorySegment address = symbols.find(function).orElseThrow(() -> new DriverException(function));
    return linker.downcallHandle(address, type);
  }

  private static int invoke(MethodHandle function, Object... arguments) {
    try {
      return (int) function.invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private String errorName(int code) throws DriverException {
    if (symbols.find("cuGetErrorName").isEmpty()) {
      return null;
    }
    MemorySegment out = arena.allocate(ADDRESS);
    FunctionDescriptor type = FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS);
    if (invoke(handle("cuGetErrorName", type), code, out) != 0) {
      return null;
    }
    return out.get(ADDRESS, 0).reinterpret(NAME_LENGTH).getString(0);
  }
}
