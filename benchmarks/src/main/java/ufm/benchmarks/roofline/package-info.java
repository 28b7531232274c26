/** What the machine could do at best: products, exponentials and bytes a second, and the limit that follows for a piece of work. */
package ufm.benchmarks.roofline;
