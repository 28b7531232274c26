/** Files that points travel in: JSON and NumPy's {@code .npy}; outputs that appear only when they are complete. */
package ufm.lab.io;
