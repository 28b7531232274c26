/**
 * Experiment files: YAML, versioned ({@code schema: ufm/1}), every field of which can be overridden as {@code --set path=value}.
 *
 * <p>A file goes through four rooms: {@link ufm.lab.spec.YamlTree} keeps the line of every value, {@link ufm.lab.spec.Overrides} puts
 * {@code --set} over it, {@link ufm.lab.spec.FieldReader} checks every value against {@link ufm.lab.spec.Fields} and
 * {@link ufm.lab.spec.Experiment} builds the problem and the plans. Whatever is wrong ends as a {@link ufm.lab.spec.SpecError}: one
 * sentence with the line, the field, what was read and what is allowed.
 */
package ufm.lab.spec;
