package ufm.solver;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;

/**
 * Solver states on disk: a run that is written, read back and continued gives the bits of the uninterrupted run (on the same backend,
 * library and kernel family, which the file records).
 *
 * <p>Format, big-endian: magic {@code UFMSTATE}, version, the texts of {@link Header}, then every field of {@link SolverState#visit} as
 * kind, name, count and raw numbers, an end mark, and the CRC-32C of all bytes before it. The file is written under a temporary name in the
 * same folder, synced and renamed, so that a reader finds the old file or the new one, never a part.
 */
public final class StateFile {
  static final long MAGIC = 0x55464D5354415445L;
  static final int VERSION = 1;
  static final byte END = 0;
  private static final double AGREEMENT = 1e-9;

  private StateFile() {}

  /**
   * What a file says of itself.
   *
   * @param solver description of the solver
   * @param formula formula of the objective
   * @param manifold name of the manifold
   * @param layout blocks of a lane
   * @param lanes number of lanes
   * @param provenance of the backend that wrote it
   */
  public record Header(String solver, String formula, String manifold, String layout, int lanes, Map<String, String> provenance) {
    static Header of(Problem problem, Solver<?> solver, int lanes) {
      return new Header(
          solver.description(),
          problem.objective().formula(),
          problem.manifold().name() + ", " + problem.set(),
          problem.objective().layout().blocks().toString(),
          lanes,
          new TreeMap<>(problem.objective().backend().provenance()));
    }
  }

  /**
   * Writes a state; an older file of that name is replaced at once or not at all.
   *
   * @param file name, in a folder that exists; of a symbolic link the file it points to is replaced
   * @param state not modified
   * @throws IOException if the folder can't be written or is full; the older file is then untouched and no partial file is left; also if
   *     something else than a regular file has that name
   */
  public static void write(Path file, Problem problem, Solver<?> solver, SolverState state) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new FileSystemException(file.toString(), null, "it is no regular file");
    }
    Path target = file;
    for (int links = 0; links < 40 && Files.isSymbolicLink(target); links++) {
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    replace(target, problem, solver, state);
  }

  private static void replace(Path file, Problem problem, Solver<?> solver, SolverState state) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Path part = Files.createTempFile(folder, file.getFileName() + ".", ".part");
    try {
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        CheckedOutputStream checked =
            new CheckedOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16), new CRC32C());
        DataOutputStream out = new DataOutputStream(checked);
        writeHeader(out, Header.of(problem, solver, state.lanes()));
        try {
          state.visit(new StateWriter(out, problem.objective().backend()));
        } catch (UncheckedIOException e) {
          throw e.getCause();
        }
        out.writeByte(END);
        out.writeLong(checked.getChecksum().getValue());
        out.flush();
        channel.force(true);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      syncFolder(folder);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /**
   * Reads a state that the same solver wrote for the same problem.
   *
   * @throws StateFileException if the file is damaged, of another version, or of another solver, objective, layout or problem data (the
   *     stored values are compared with values computed anew, to 1e-9)
   * @throws IOException if it can't be read
   */
  public static <S extends SolverState> S read(Path file, Problem problem, Solver<S> solver) throws IOException {
    verify(file);
    try (InputStream raw = Files.newInputStream(file);
        DataInputStream in = new DataInputStream(new BufferedInputStream(raw, 1 << 16))) {
      Header there = readHeader(in);
      int lanes = problem.objective().lanes();
      Header here = Header.of(problem, solver, lanes);
      same(file, "solver", there.solver(), here.solver());
      same(file, "objective", there.formula(), here.formula());
      same(file, "manifold", there.manifold(), here.manifold());
      same(file, "layout", there.layout(), here.layout());
      same(file, "number of lanes", Integer.toString(there.lanes()), Integer.toString(lanes));
      S state;
      try (LaneBuffer origin = problem.objective().backend().allocate(lanes, problem.objective().layout().size())) {
        state = solver.init(problem, origin, Lanes.none(lanes));
      }
      try {
        state.visit(new StateReader(file, in, problem.objective().backend()));
        if (in.readByte() != END) {
          throw new StateFileException("state file " + file + " has fields that this solver does not know");
        }
        state.restored();
        compareValues(file, problem, state);
        return state;
      } catch (UncheckedIOException e) {
        state.close();
        throw e.getCause();
      } catch (IOException | RuntimeException e) {
        state.close();
        throw e;
      }
    }
  }

  /** Reads the header alone, after checking the whole file. */
  public static Header header(Path file) throws IOException {
    verify(file);
    try (InputStream raw = Files.newInputStream(file);
        DataInputStream in = new DataInputStream(new BufferedInputStream(raw))) {
      return readHeader(in);
    }
  }

  /**
   * A control that writes the state whenever the interval has passed, for runs that may be killed. An error of the disk ends the run as an
   * {@link UncheckedIOException}.
   */
  public static LoopControl every(Duration interval, Path file, Solver<?> solver) {
    long[] last = {System.nanoTime()};
    return (problem, state) -> {
      if (System.nanoTime() - last[0] >= interval.toNanos()) {
        try {
          write(file, problem, solver, state);
        } catch (IOException e) {
          throw new UncheckedIOException("the state could not be saved to " + file + ": " + e.getMessage(), e);
        }
        last[0] = System.nanoTime();
      }
      return true;
    };
  }

  private static void writeHeader(DataOutputStream out, Header h) throws IOException {
    out.writeLong(MAGIC);
    out.writeInt(VERSION);
    StateWriter.text(out, h.solver());
    StateWriter.text(out, h.formula());
    StateWriter.text(out, h.manifold());
    StateWriter.text(out, h.layout());
    out.writeInt(h.lanes());
    out.writeInt(h.provenance().size());
    for (Map.Entry<String, String> e : h.provenance().entrySet()) {
      StateWriter.text(out, e.getKey());
      StateWriter.text(out, e.getValue());
    }
  }

  /** The texts behind magic and version, which {@link #verify} has checked. */
  private static Header readHeader(DataInputStream in) throws IOException {
    in.skipNBytes(Long.BYTES + Integer.BYTES);
    String solver = StateReader.text(in);
    String formula = StateReader.text(in);
    String manifold = StateReader.text(in);
    String layout = StateReader.text(in);
    int lanes = in.readInt();
    Map<String, String> provenance = new TreeMap<>();
    for (int n = in.readInt(); n > 0; n--) {
      String key = StateReader.text(in);
      provenance.put(key, StateReader.text(in));
    }
    return new Header(solver, formula, manifold, layout, lanes, provenance);
  }

  /** Magic, version, then the checksum of everything. */
  private static void verify(Path file) throws IOException {
    long size = Files.size(file);
    try (InputStream raw = Files.newInputStream(file)) {
      CheckedInputStream checked = new CheckedInputStream(new BufferedInputStream(raw, 1 << 16), new CRC32C());
      DataInputStream in = new DataInputStream(checked);
      if (size < Long.BYTES || in.readLong() != MAGIC) {
        throw new StateFileException(file + " is not a state file");
      }
      if (size < Long.BYTES + Integer.BYTES + 1 + Long.BYTES) {
        throw new StateFileException("state file " + file + " is truncated: it has " + size + " bytes");
      }
      int version = in.readInt();
      if (version != VERSION) {
        throw new StateFileException("state file " + file + " has version " + version + ", this program reads version " + VERSION);
      }
      in.skipNBytes(size - Long.BYTES - Integer.BYTES - Long.BYTES);
      long sum = checked.getChecksum().getValue();
      if (in.readLong() != sum) {
        throw new StateFileException("state file " + file + " is damaged or truncated: its checksum does not fit its content");
      }
    } catch (EOFException e) {
      throw new StateFileException("state file " + file + " became shorter while it was read");
    }
  }

  private static void same(Path file, String what, String there, String here) throws StateFileException {
    if (!there.equals(here)) {
      throw new StateFileException("state file " + file + " was written for another " + what + ": it has \"" + there + "\", here it is \""
          + here + "\"");
    }
  }

  /** The header does not hold the numbers of the problem (penalties, weights): wrong ones show as other values at the same point. */
  private static void compareValues(Path file, Problem problem, SolverState state) throws StateFileException {
    double[] f = new double[state.lanes()];
    Lanes judged = Lanes.none(state.lanes());
    for (int l = 0; l < state.lanes(); l++) {
      if (state.evaluations(l) > 0 && Double.isFinite(state.value(l))) {
        judged.add(l);
      }
    }
    if (judged.isEmpty()) {
      return;
    }
    problem.objective().value(judged, state.x(), f);
    for (int i = 0; i < judged.count(); i++) {
      int l = judged.at(i);
      if (!(Math.abs(f[l] - state.value(l)) <= AGREEMENT * (1 + Math.abs(f[l])))) {
        throw new StateFileException("state file " + file + " was written for other problem data: lane " + l + " has the value "
            + state.value(l) + " in the file and " + f[l] + " here");
      }
    }
  }

  private static void syncFolder(Path folder) {
    try (FileChannel c = FileChannel.open(folder, StandardOpenOption.READ)) {
      c.force(true);
    } catch (IOException e) {
      // Some systems can't open a folder; the file itself is synced, only the rename may come late after a power cut.
      return;
    }
  }
}
