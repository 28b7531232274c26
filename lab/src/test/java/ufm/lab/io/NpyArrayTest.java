package ufm.lab.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ufm.lab.UnusableFile;

/** Files put together by hand from NumPy's description of the format. */
class NpyArrayTest {

  /** A file of format version 1, 2 or 3 with a given header and data. */
  private static byte[] file(int version, String header, byte[] data) {
    byte[] text = (header + "\n").getBytes(version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    ByteBuffer out = ByteBuffer.allocate((version == 1 ? 10 : 12) + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) version).put((byte) 0);
    if (version == 1) {
      out.putShort((short) text.length);
    } else {
      out.putInt(text.length);
    }
    return out.put(text).put(data).array();
  }

  private static byte[] hex(String bytes) {
    return HexFormat.of().parseHex(bytes.replace(" ", ""));
  }

  @Test
  void readsABigEndianMatrixInFortranOrder() {
    // 1, 2, 3, 4, 5, 6 as big-endian binary64, columns first: rows (1 3 5), (2 4 6).
    byte[] data =
        hex("3FF0000000000000 4000000000000000 4008000000000000 4010000000000000 4014000000000000 4018000000000000");
    NpyArray a = NpyArray.parse(file(1, "{'descr': '>f8', 'fortran_order': True, 'shape': (2, 3), }", data), "a");
    assertArrayEquals(new double[][] {{1, 3, 5}, {2, 4, 6}}, a.rows("a"));
  }

  @Test
  void readsLittleEndianFloat32InVersion2() {
    byte[] data = hex("0000803F 000000C0 0000003F");
    NpyArray a = NpyArray.parse(file(2, "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", data), "a");
    assertArrayEquals(new int[] {3}, a.shape());
    assertArrayEquals(new double[] {1, -2, 0.5}, a.data());
  }

  @Test
  void readsIntegersOfEveryWidth() {
    String head = "{'descr': '%s', 'fortran_order': False, 'shape': (2,), }";
    assertArrayEquals(new double[] {1, -1}, NpyArray.parse(file(3, String.format(head, "|i1"), hex("01FF")), "a").data());
    assertArrayEquals(new double[] {1, 255}, NpyArray.parse(file(3, String.format(head, "|u1"), hex("01FF")), "a").data());
    assertArrayEquals(new double[] {258, -2}, NpyArray.parse(file(1, String.format(head, ">i2"), hex("0102 FFFE")), "a").data());
    assertArrayEquals(new double[] {513, 65534}, NpyArray.parse(file(1, String.format(head, "<u2"), hex("0102 FEFF")), "a").data());
    assertArrayEquals(new double[] {7, -3}, NpyArray.parse(file(1, String.format(head, "<i4"), hex("07000000 FDFFFFFF")), "a").data());
    assertArrayEquals(
        new double[] {7, -3}, NpyArray.parse(file(1, String.format(head, "<i8"), hex("0700000000000000 FDFFFFFFFFFFFFFF")), "a").data());
    assertArrayEquals(
        new double[] {7, 0x1p63}, NpyArray.parse(file(1, String.format(head, "<u8"), hex("0700000000000000 0000000000000080")), "a").data());
    assertArrayEquals(new double[] {1, 0}, NpyArray.parse(file(1, String.format(head, "|b1"), hex("0100")), "a").data());
  }

  @Test
  void whatItWritesIsWhatNumpyWrites() {
    byte[] bytes = NpyArray.of(new double[][] {{1, 2}}).bytes();
    assertEquals(0, (bytes.length - 16) % 64);
    String head = new String(bytes, 10, bytes.length - 26, StandardCharsets.ISO_8859_1);
    assertEquals("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }", head.strip());
    assertTrue(head.endsWith(" \n"));
    assertArrayEquals(hex("93 4E 55 4D 50 59 01 00 76 00"), java.util.Arrays.copyOf(bytes, 10));
    assertArrayEquals(hex("000000000000F03F 0000000000000040"), java.util.Arrays.copyOfRange(bytes, bytes.length - 16, bytes.length));
  }

  @Test
  void roundTripKeepsEveryBit(@TempDir Path folder) throws Exception {
    double[][] rows = {{Math.PI, -0.0, 1e-320}, {Double.MAX_VALUE, Double.MIN_VALUE, -1.0 / 3}};
    Path file = folder.resolve("a.npy");
    Files.write(file, NpyArray.of(rows).bytes());
    double[][] back = NpyArray.read(file).rows("a");
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 3; j++) {
        assertEquals(Double.doubleToRawLongBits(rows[i][j]), Double.doubleToRawLongBits(back[i][j]));
      }
    }
    NpyArray vector = NpyArray.parse(new NpyArray(new int[] {2}, new double[] {3, 4}).bytes(), "v");
    assertArrayEquals(new int[] {2}, vector.shape());
    assertArrayEquals(new double[] {3, 4}, vector.data());
  }

  @Test
  void whatIsNoArrayOfNumbersIsRefusedInOneSentence(@TempDir Path folder) {
    assertEquals("a is no .npy file: it does not begin with NumPy's magic bytes.", message("PK\u0003\u0004 zip archive".getBytes(StandardCharsets.US_ASCII)));
    assertEquals("a is no .npy file: it does not begin with NumPy's magic bytes.", message(new byte[0]));
    String head = "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }";
    assertEquals("a has .npy format version 4, but must have 1, 2 or 3.", message(file(4, "{}", new byte[0])));
    assertEquals(
        "a holds entries of type c16, but must hold float64, float32 or integers.", message(file(1, String.format(head, "<c16", "1,"), new byte[16])));
    assertEquals(
        "a holds entries of another kind than numbers, but must hold float64, float32 or integers.",
        message(file(1, "{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (1,), }", new byte[8])));
    assertEquals("a is cut off: it holds 2 of 3 entries.", message(file(1, String.format(head, "<f8", "3,"), new byte[16])));
    assertEquals("a has an unusable .npy header: fortran_order or shape is missing.", message(file(1, "{'descr': '<f8'}", new byte[0])));
    assertEquals("a has the shape (99999999999,), but must have a shape of whole numbers.", message(file(1, String.format(head, "<f8", "99999999999,"), new byte[0])));
    assertEquals("a is cut off: its header is incomplete.", message(hex("93 4E 55 4D 50 59 01 00 76 00 20")));
    assertEquals(
        "a has the shape [2], but must have two axes (rows, columns).",
        assertThrows(UnusableFile.class, () -> new NpyArray(new int[] {2}, new double[2]).rows("a")).getMessage());
    Path missing = folder.resolve("none.npy");
    assertEquals(missing + " can't be read: there is no such file or folder.", assertThrows(UnusableFile.class, () -> NpyArray.read(missing)).getMessage());
  }

  private static String message(byte[] bytes) {
    return assertThrows(UnusableFile.class, () -> NpyArray.parse(bytes, "a")).getMessage();
  }
}
