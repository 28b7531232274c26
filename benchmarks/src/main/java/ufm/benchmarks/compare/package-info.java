/**
 * Our work and that of peers side by side. {@link ufm.benchmarks.compare.Compare} asks one process after the other to do the same work, each
 * by the language of {@link ufm.benchmarks.compare.Worker}; peers live in {@code benchmarks/peers}.
 */
package ufm.benchmarks.compare;
