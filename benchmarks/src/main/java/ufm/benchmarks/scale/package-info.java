/** How time and memory grow with the sizes of a problem: {@link ufm.benchmarks.scale.Scale}, {@link ufm.benchmarks.scale.MemoryCase}. */
package ufm.benchmarks.scale;
