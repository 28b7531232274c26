/** What a person touches: the command line, experiment files, sweeps, results and plots. */
package ufm.lab;
