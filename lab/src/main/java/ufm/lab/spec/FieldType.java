package ufm.lab.spec;

import java.util.ArrayList;
import java.util.List;

/** What values a field takes. */
sealed interface FieldType {

  /** Any text that is not empty. */
  record Text() implements FieldType {
    @Override
    public Object value(Object raw) {
      return raw instanceof String s && !s.isBlank() || raw instanceof Number || raw instanceof Boolean ? String.valueOf(raw) : null;
    }

    @Override
    public String allowed() {
      return "a text";
    }
  }

  /** A text that is the name of a file on any system, and never of one in another folder. */
  record FileName() implements FieldType {
    /** The texts, as a regular expression that means the same in Java and in JSON Schema. */
    static final String PATTERN = "^[A-Za-z0-9_-]([A-Za-z0-9._ -]{0,98}[A-Za-z0-9._-])?$";

    @Override
    public Object value(Object raw) {
      return new Text().value(raw) instanceof String s && s.matches(PATTERN) ? s : null;
    }

    @Override
    public String allowed() {
      return "a text of at most 100 letters a-z or A-Z, digits, spaces, '.', '_' and '-', not beginning with a dot or a space";
    }
  }

  /**
   * One of some names.
   *
   * @param names allowed
   */
  record Choice(List<String> names) implements FieldType {
    @Override
    public Object value(Object raw) {
      return raw instanceof String s && names.contains(s) ? s : null;
    }

    @Override
    public String allowed() {
      return names.size() == 1 ? names.getFirst() : String.join(", ", names.subList(0, names.size() - 1)) + " or " + names.getLast();
    }
  }

  /** True or false. */
  record Flag() implements FieldType {
    @Override
    public Object value(Object raw) {
      return raw instanceof Boolean ? raw : null;
    }

    @Override
    public String allowed() {
      return "true or false";
    }
  }

  /** A whole number from min to max. */
  record Whole(long min, long max) implements FieldType {
    @Override
    public Object value(Object raw) {
      Long n =
          switch (raw) {
            case Long l -> l;
            case Integer i -> Long.valueOf(i);
            case Double x when x == Math.rint(x) && Math.abs(x) < 1e15 -> Long.valueOf(x.longValue());
            case null, default -> null;
          };
      return n != null && n >= min && n <= max ? n : null;
    }

    @Override
    public String allowed() {
      String low = min == Long.MIN_VALUE ? "" : " of at least " + min;
      return "a whole number" + low + (max >= Integer.MAX_VALUE ? "" : " and at most " + max);
    }
  }

  /**
   * A finite number.
   *
   * @param min smallest
   * @param openMin whether min itself is refused
   * @param max largest, may be infinite
   * @param openMax whether max itself is refused
   */
  record Real(double min, boolean openMin, double max, boolean openMax) implements FieldType {
    @Override
    public Object value(Object raw) {
      if (!(raw instanceof Number n) || !Double.isFinite(n.doubleValue())) {
        return null;
      }
      double x = n.doubleValue();
      return (openMin ? x > min : x >= min) && (openMax ? x < max : x <= max) ? (Object) (x == 0 ? 0.0 : x) : null;
    }

    @Override
    public String allowed() {
      String low = openMin ? "above " + number(min) : "of at least " + number(min);
      String high = (openMax ? "less than " : "at most ") + number(max);
      if (Double.isInfinite(min)) {
        return "a finite number";
      }
      return Double.isInfinite(max) ? "a finite number " + low : "a number " + low + " and " + high;
    }

    private static String number(double x) {
      return x == Math.rint(x) && Math.abs(x) < 1e15 ? Long.toString((long) x) : Double.toString(x).replace(".0E", "e").replace('E', 'e');
    }
  }

  /**
   * Zero, or a number of one range.
   *
   * @param range allowed beside 0
   */
  record ZeroOr(Real range) implements FieldType {
    @Override
    public Object value(Object raw) {
      return raw instanceof Number n && n.doubleValue() == 0 ? (Object) 0.0 : range.value(raw);
    }

    @Override
    public String allowed() {
      return "0 or " + range.allowed();
    }
  }

  /** A list of whole numbers of at least min; not empty. */
  record Wholes(int min) implements FieldType {
    @Override
    public Object value(Object raw) {
      return items(raw, new Whole(min, Integer.MAX_VALUE));
    }

    @Override
    public String allowed() {
      return "a list of whole numbers of at least " + min;
    }
  }

  /** A matrix as a list of rows of equal length, of entries that the products of the model can't carry out of range. */
  record Matrix() implements FieldType {
    @Override
    public Object value(Object raw) {
      if (!(raw instanceof List<?> rows) || rows.isEmpty()) {
        return null;
      }
      List<Object> out = new ArrayList<>();
      for (Object row : rows) {
        Object read = rows.getFirst() instanceof List<?> first ? new Row(first.size()).value(row) : null;
        if (read == null) {
          return null;
        }
        out.add(read);
      }
      return out;
    }

    @Override
    public String allowed() {
      return "a matrix as a list of rows of equal length, of numbers of size at most 1e30";
    }
  }

  /**
   * A row of a matrix.
   *
   * @param length number of entries
   */
  record Row(int length) implements FieldType {
    @Override
    public Object value(Object raw) {
      Object row = items(raw, ENTRY);
      return row != null && ((List<?>) row).size() == length ? row : null;
    }

    @Override
    public String allowed() {
      return "a row of " + length + " numbers of size at most 1e30";
    }
  }

  /** The values of an axis: a list of numbers or names; what each may be depends on the axis' field. */
  record Values() implements FieldType {
    @Override
    public Object value(Object raw) {
      return raw instanceof List<?> list && !list.isEmpty() && list.stream().allMatch(v -> v instanceof Number || v instanceof String)
          ? List.copyOf(list)
          : null;
    }

    @Override
    public String allowed() {
      return "a list of numbers or names";
    }
  }

  /** An entry of a matrix. */
  Real ENTRY = new Real(-1e30, false, 1e30, false);

  /** Any finite number. */
  Real FINITE = new Real(Double.NEGATIVE_INFINITY, true, Double.POSITIVE_INFINITY, true);

  /**
   * The value in the field's own type (String, Boolean, Long, Double or lists of these), or null if it is not allowed.
   *
   * @param raw null, String, Boolean, Long, Double or lists of these
   */
  Object value(Object raw);

  /** What is allowed, as the end of the sentence "... must be ...". */
  String allowed();

  /** Whether an axis can run over it. */
  default boolean sweepable() {
    return this instanceof Whole || this instanceof Real || this instanceof ZeroOr || this instanceof Choice;
  }

  private static Object items(Object raw, FieldType type) {
    if (!(raw instanceof List<?> list) || list.isEmpty()) {
      return null;
    }
    List<Object> out = new ArrayList<>(list.size());
    for (Object item : list) {
      Object read = type.value(item);
      if (read == null) {
        return null;
      }
      out.add(read);
    }
    return out;
  }
}
