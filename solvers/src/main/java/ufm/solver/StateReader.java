package ufm.solver;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;

/** Fills the fields of a state in the order of the visit; the counterpart of {@link StateWriter}. */
final class StateReader implements StateFields {
  private final Path file;
  private final DataInputStream in;
  private final Backend backend;
  private final double[] chunk = new double[StateWriter.CHUNK];
  private final byte[] bytes = new byte[StateWriter.CHUNK * Double.BYTES];

  StateReader(Path file, DataInputStream in, Backend backend) {
    this.file = file;
    this.in = in;
    this.backend = backend;
  }

  /** A read that may fail. */
  @FunctionalInterface
  private interface Action {
    void run() throws IOException;
  }

  private void field(byte kind, String name, long count, Action numbers) {
    try {
      byte k = in.readByte();
      String there = k == StateFile.END ? "the end" : text(in);
      long n = k == StateFile.END ? 0 : in.readLong();
      if (k != kind || !name.equals(there) || n != count) {
        throw new StateFileException("state file " + file + " does not fit this solver: expected field " + name + " with " + count
            + " entries, found " + there + " with " + n);
      }
      numbers.run();
    } catch (EOFException e) {
      throw new UncheckedIOException(new StateFileException("state file " + file + " ends inside field " + name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void doubles(String name, double[] values) {
    field(StateWriter.DOUBLES, name, values.length, () -> {
      for (int i = 0; i < values.length; i++) {
        values[i] = Double.longBitsToDouble(in.readLong());
      }
    });
  }

  @Override
  public void longs(String name, long[] values) {
    field(StateWriter.LONGS, name, values.length, () -> {
      for (int i = 0; i < values.length; i++) {
        values[i] = in.readLong();
      }
    });
  }

  @Override
  public void ints(String name, int[] values) {
    field(StateWriter.INTS, name, values.length, () -> {
      for (int i = 0; i < values.length; i++) {
        values[i] = in.readInt();
      }
    });
  }

  @Override
  public void booleans(String name, boolean[] values) {
    field(StateWriter.BOOLEANS, name, values.length, () -> {
      for (int i = 0; i < values.length; i++) {
        values[i] = in.readBoolean();
      }
    });
  }

  @Override
  public void texts(String name, String[] values) {
    field(StateWriter.TEXTS, name, values.length, () -> {
      for (int i = 0; i < values.length; i++) {
        values[i] = text(in);
      }
    });
  }

  @Override
  public void buffer(String name, LaneBuffer buffer) {
    field(StateWriter.BUFFER, name, buffer.lanes() * buffer.length(), () -> {
      for (int lane = 0; lane < buffer.lanes(); lane++) {
        for (long at = 0; at < buffer.length(); at += StateWriter.CHUNK) {
          int n = (int) Math.min(StateWriter.CHUNK, buffer.length() - at);
          in.readFully(bytes, 0, n * Double.BYTES);
          ByteBuffer b = ByteBuffer.wrap(bytes);
          for (int i = 0; i < n; i++) {
            chunk[i] = Double.longBitsToDouble(b.getLong());
          }
          backend.write(buffer, lane, at, chunk, 0, n);
        }
      }
    });
  }

  /** Counterpart of {@link StateWriter#text}. */
  static String text(DataInputStream in) throws IOException {
    int n = in.readInt();
    if (n < 0) {
      return null;
    }
    return new String(in.readNBytes(n), StandardCharsets.UTF_8);
  }
}
