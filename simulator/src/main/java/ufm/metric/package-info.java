/**
 * Neural-collapse metrics of a point of the one-layer model under their standard names: {@link ufm.metric.CollapseMetrics} holds the
 * numbers, {@link ufm.metric.MetricWorkspace} computes them without allocation for repeated recording, {@link ufm.metric.ClassMeans}
 * the class statistics they stand on. Definitions and constants: theory sheet, section H.
 */
package ufm.metric;
