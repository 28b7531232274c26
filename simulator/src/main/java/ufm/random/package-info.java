/** Counter-based random numbers and the starting points made of them. */
package ufm.random;
