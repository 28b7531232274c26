package ufm.backend.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;

/**
 * Shared libraries that travel inside a jar, unpacked once for each version into a directory that only its owner can reach.
 *
 * <p>Each file is written under a temporary name and renamed when complete, so that two processes may start at once and a killed one
 * leaves nothing half written under a name that is used.
 */
final class NativeArchive {
  private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");

  private NativeArchive() {}

  /** Version of the OpenBLAS jar on the class path, or null where there is none. */
  static String version() {
    try (InputStream in = NativeArchive.class.getResourceAsStream("/META-INF/maven/org.bytedeco/openblas/pom.properties")) {
      if (in == null) {
        return null;
      }
      Properties p = new Properties();
      p.load(in);
      return p.getProperty("version");
    } catch (IOException e) {
      return null;
    }
  }

  /** The platform's name in the jar, for example {@code linux-x86_64}. */
  static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch");
    String system = os.startsWith("mac") ? "macosx" : os.startsWith("windows") ? "windows" : "linux";
    return system + "-" + (arch.equals("aarch64") ? "arm64" : arch.equals("amd64") ? "x86_64" : arch);
  }

  /** The libraries in the order in which they must be loaded; those that a platform does not ship are left out by {@link #unpack}. */
  static List<String> libraries() {
    String platform = platform();
    if (platform.startsWith("macosx")) {
      return List.of("libgcc_s.1.1.dylib", "libquadmath.0.dylib", "libgfortran.5.dylib", "libopenblas.0.dylib");
    }
    if (platform.startsWith("windows")) {
      return List.of("libwinpthread-1.dll", "libgcc_s_seh-1.dll", "libquadmath-0.dll", "libgfortran-5.dll", "libopenblas.dll");
    }
    return List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5", "libopenblas.so.0");
  }

  /**
   * Unpacks what is not there yet.
   *
   * @param directory where to, made if it is missing
   * @return paths of the libraries that the jar holds, in loading order
   * @throws IOException if the jar holds none, or the directory cannot be used
   */
  static List<Path> unpack(Path directory) throws IOException {
    List<Path> unpacked = new ArrayList<>();
    makePrivate(directory);
    for (String library : libraries()) {
      URL source = NativeArchive.class.getResource("/org/bytedeco/openblas/" + platform() + "/" + library);
      if (source != null) {
        Path target = directory.resolve(library);
        long size = source.openConnection().getContentLengthLong();
        if (!Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS) || Files.size(target) != size) {
          writeThenRename(source, target);
        }
        unpacked.add(target);
      }
    }
    if (unpacked.isEmpty()) {
      throw new IOException("no OpenBLAS for " + platform() + " on the class path");
    }
    return unpacked;
  }

  private static void writeThenRename(URL source, Path target) throws IOException {
    Path partial = Files.createTempFile(target.getParent(), target.getFileName().toString(), ".part");
    try {
      try (InputStream in = source.openStream();
          OutputStream out = Files.newOutputStream(partial)) {
        in.transferTo(out);
      }
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  /** Makes the directory, or checks that it belongs to this user and that nobody else may write there. */
  private static void makePrivate(Path directory) throws IOException {
    boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] attributes = posix ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)} : new FileAttribute<?>[0];
    if (directory.getParent() != null) {
      Files.createDirectories(directory.getParent());
    }
    try {
      Files.createDirectory(directory, attributes);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
    }
    if (posix) {
      Set<PosixFilePermission> rights = Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS);
      if (rights.contains(PosixFilePermission.GROUP_WRITE) || rights.contains(PosixFilePermission.OTHERS_WRITE)) {
        throw new IOException(directory + " can be written by others");
      }
      Path probe = Files.createTempFile(directory, "owner", ".part");
      try {
        if (!Files.getOwner(probe).equals(Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS))) {
          throw new IOException(directory + " belongs to somebody else");
        }
      } finally {
        Files.delete(probe);
      }
    }
  }

  /** The directory of this version in the user's cache. */
  static Path cache() {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path root = xdg != null && !xdg.isBlank() && Path.of(xdg).isAbsolute() ? Path.of(xdg) : Path.of(System.getProperty("user.home"), ".cache");
    return root.resolve("ufm").resolve("openblas-" + version() + "-" + platform());
  }
}
