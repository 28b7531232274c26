package ufm.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.HashMap;
import java.util.Map;

/** A CUDA driver written in Java: real C function pointers, answered by the methods of this class. */
public final class FakeDriver {
  /** The second device's handle differs from its ordinal, as a driver may do. */
  private static final int HANDLE_SHIFT = 40;

  private final Arena arena;
  private final int initResult;
  private final String[] names;
  private final Map<String, MemorySegment> functions = new HashMap<>();

  /**
   * @param arena life of the function pointers
   * @param initResult what cuInit answers
   * @param names names of the devices
   */
  FakeDriver(Arena arena, int initResult, String... names) throws ReflectiveOperationException {
    this.arena = arena;
    this.initResult = initResult;
    this.names = names;
    add("cuInit", JAVA_INT);
    add("cuDriverGetVersion", ADDRESS);
    add("cuDeviceGetCount", ADDRESS);
    add("cuDeviceGet", ADDRESS, JAVA_INT);
    add("cuDeviceGetName", ADDRESS, JAVA_INT, JAVA_INT);
    add("cuDeviceTotalMem_v2", ADDRESS, JAVA_INT);
    add("cuDeviceGetAttribute", ADDRESS, JAVA_INT, JAVA_INT);
    add("cuGetErrorName", JAVA_INT, ADDRESS);
  }

  /** Its symbols. */
  SymbolLookup symbols() {
    return name -> java.util.Optional.ofNullable(functions.get(name));
  }

  /** Takes a function away. */
  void remove(String function) {
    functions.remove(function);
  }

  private void add(String name, java.lang.foreign.MemoryLayout... arguments) throws ReflectiveOperationException {
    FunctionDescriptor type = FunctionDescriptor.of(JAVA_INT, arguments);
    MethodType method = type.toMethodType();
    functions.put(name, Linker.nativeLinker().upcallStub(MethodHandles.lookup().bind(this, name, method), type, arena));
  }

  public int cuInit(int flags) {
    return flags == 0 ? initResult : 1;
  }

  public int cuDriverGetVersion(MemorySegment out) {
    out.reinterpret(4).set(JAVA_INT, 0, 12080);
    return 0;
  }

  public int cuDeviceGetCount(MemorySegment out) {
    out.reinterpret(4).set(JAVA_INT, 0, names.length);
    return 0;
  }

  public int cuDeviceGet(MemorySegment out, int ordinal) {
    out.reinterpret(4).set(JAVA_INT, 0, ordinal + HANDLE_SHIFT);
    return ordinal < names.length ? 0 : 101;
  }

  public int cuDeviceGetName(MemorySegment out, int length, int device) {
    out.reinterpret(length).setString(0, names[device - HANDLE_SHIFT]);
    return 0;
  }

  public int cuDeviceTotalMem_v2(MemorySegment out, int device) {
    out.reinterpret(8).set(JAVA_LONG, 0, (device - HANDLE_SHIFT + 1) * 80L << 30);
    return 0;
  }

  public int cuDeviceGetAttribute(MemorySegment out, int attribute, int device) {
    int value =
        switch (attribute) {
          case 75 -> 9;
          case 76 -> 0;
          case 16 -> 132;
          default -> -1;
        };
    out.reinterpret(4).set(JAVA_INT, 0, value);
    return 0;
  }

  public int cuGetErrorName(int code, MemorySegment out) {
    out.reinterpret(8).set(ADDRESS, 0, arena.allocateFrom(code == 100 ? "CUDA_ERROR_NO_DEVICE" : "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH"));
    return 0;
  }
}
