/**
 * The results database of a sweep: one embedded DuckDB file for each experiment, written by one process, append-only.
 *
 * <p>Table {@code experiment} (one row) says what the rows are results of; {@code runs} holds a row for each cell and range of starts,
 * {@code starts} a row for each start; the view {@code cells} merges the runs of a cell into one row. Nothing is ever changed in place, so
 * that a refined grid or more starts keep the old rows.
 */
package ufm.lab.db;
