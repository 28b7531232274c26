/**
 * The backend of the processor: aligned native memory, vectorised elementwise kernels whose bits are defined, and matrix products by
 * OpenBLAS or by a Java kernel.
 *
 * <p>Columns of H are worked on in panels whose width depends on the shape alone; logits of a panel are held transposed (a sample per
 * row), so that every elementwise step runs over samples and every sum over classes goes in class order.
 */
package ufm.backend.cpu;
