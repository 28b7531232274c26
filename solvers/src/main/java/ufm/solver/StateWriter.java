package ufm.solver;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;

/** Writes the fields of a state in the order of the visit: kind, name, count, numbers. */
final class StateWriter implements StateFields {
  static final byte DOUBLES = 1;
  static final byte LONGS = 2;
  static final byte INTS = 3;
  static final byte BOOLEANS = 4;
  static final byte TEXTS = 5;
  static final byte BUFFER = 6;
  static final int CHUNK = 8192;

  private final DataOutputStream out;
  private final Backend backend;
  private final double[] chunk = new double[CHUNK];
  private final ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Double.BYTES);

  StateWriter(DataOutputStream out, Backend backend) {
    this.out = out;
    this.backend = backend;
  }

  /** A write that may fail. */
  @FunctionalInterface
  private interface Action {
    void run() throws IOException;
  }

  private void field(byte kind, String name, long count, Action numbers) {
    try {
      out.writeByte(kind);
      text(out, name);
      out.writeLong(count);
      numbers.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void doubles(String name, double[] values) {
    field(DOUBLES, name, values.length, () -> {
      for (double v : values) {
        out.writeLong(Double.doubleToRawLongBits(v));
      }
    });
  }

  @Override
  public void longs(String name, long[] values) {
    field(LONGS, name, values.length, () -> {
      for (long v : values) {
        out.writeLong(v);
      }
    });
  }

  @Override
  public void ints(String name, int[] values) {
    field(INTS, name, values.length, () -> {
      for (int v : values) {
        out.writeInt(v);
      }
    });
  }

  @Override
  public void booleans(String name, boolean[] values) {
    field(BOOLEANS, name, values.length, () -> {
      for (boolean v : values) {
        out.writeBoolean(v);
      }
    });
  }

  @Override
  public void texts(String name, String[] values) {
    field(TEXTS, name, values.length, () -> {
      for (String v : values) {
        text(out, v);
      }
    });
  }

  @Override
  public void buffer(String name, LaneBuffer buffer) {
    field(BUFFER, name, buffer.lanes() * buffer.length(), () -> {
      for (int lane = 0; lane < buffer.lanes(); lane++) {
        for (long at = 0; at < buffer.length(); at += CHUNK) {
          int n = (int) Math.min(CHUNK, buffer.length() - at);
          backend.read(buffer, lane, at, chunk, 0, n);
          bytes.clear();
          for (int i = 0; i < n; i++) {
            bytes.putLong(Double.doubleToRawLongBits(chunk[i]));
          }
          out.write(bytes.array(), 0, n * Double.BYTES);
        }
      }
    });
  }

  /** Length (-1 for null) and UTF-8. */
  static void text(DataOutputStream out, String s) throws IOException {
    if (s == null) {
      out.writeInt(-1);
      return;
    }
    byte[] b = s.getBytes(StandardCharsets.UTF_8);
    out.writeInt(b.length);
    out.write(b);
  }
}
