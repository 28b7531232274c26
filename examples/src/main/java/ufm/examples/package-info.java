/** Numbered programs, one lesson each; the comment of each teaches it, and the tests run them all. */
package ufm.examples;
