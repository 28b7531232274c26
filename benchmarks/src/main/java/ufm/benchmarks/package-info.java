/**
 * JMH benchmarks of the path from an evaluation to a row of a phase diagram. They are run by hand on a quiet machine:
 *
 * <pre>
 * java -jar benchmarks/target/benchmarks.jar -l
 * java -jar benchmarks/target/benchmarks.jar MomentumStep -p shape=10x16x10 -p lanes=256 -prof gc
 * </pre>
 *
 * <p>{@code -prof gc} prints {@code gc.alloc.rate.norm}, the bytes allocated per operation: next to nothing for an evaluation or a step.
 */
package ufm.benchmarks;
