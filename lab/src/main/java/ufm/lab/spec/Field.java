package ufm.lab.spec;

import java.util.List;

/**
 * A field of an experiment.
 *
 * @param name dotted name; {@code []} stands for the index of a list
 * @param type what values it takes
 * @param initial value where it is not given; null: none, it is then required, absent or derived as the text says
 * @param depends name of the field whose value decides whether this one applies, or null
 * @param when values of that field with which this one applies
 * @param text one or two sentences for people and editors
 */
record Field(String name, FieldType type, Object initial, String depends, List<String> when, String text) {

  /** Last part of the name. */
  String key() {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** Name of the section it stands in, empty at the top. */
  String section() {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(0, dot);
  }
}
