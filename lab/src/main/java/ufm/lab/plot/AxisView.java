package ufm.lab.plot;

import java.util.Arrays;
import java.util.List;
import ufm.lab.spec.Axis;

/** One axis of a diagram: where the cells' values lie, and how far a cell reaches. */
final class AxisView {
  final Ruler ruler;
  final String label;
  private final List<Object> names;
  private final double[] nodes;

  AxisView(Axis axis) {
    label = Names.field(axis.field());
    if (axis.numeric()) {
      names = null;
      nodes = Arrays.stream(axis.numbers()).sorted().distinct().toArray();
      boolean log = axis.scale() == Axis.Scale.LOG;
      ruler = Ruler.numbers(log, edge(log, 0), edge(log, nodes.length));
    } else {
      names = axis.values();
      nodes = null;
      ruler = Ruler.names(names.stream().map(Object::toString).toList());
    }
  }

  /** Number of cells along this axis. */
  int cells() {
    return names == null ? nodes.length : names.size();
  }

  /** Position of a value of the database among the cells, -1 if it is none of them (a point of an older, other grid). */
  int index(Object value) {
    return names == null ? Math.max(-1, Arrays.binarySearch(nodes, ((Number) value).doubleValue())) : names.indexOf(value);
  }

  /** The value in the middle of a cell: the number, or the position of a name. */
  double centre(int i) {
    return names == null ? nodes[i] : i;
  }

  /** Lower end of cell i, 0 to {@link #cells()}: half way to the neighbour on the axis' scale. */
  double edge(int i) {
    return names == null ? edge(ruler.log(), i) : i - 0.5;
  }

  private double edge(boolean log, int i) {
    int n = nodes.length;
    if (n == 1) {
      return log ? nodes[0] * (i == 0 ? 0.5 : 2) : nodes[0] + (i == 0 ? -0.5 : 0.5);
    }
    int a = Math.clamp(i - 1, 0, n - 2);
    double u = log ? Math.log(nodes[a]) : nodes[a];
    double v = log ? Math.log(nodes[a + 1]) : nodes[a + 1];
    double at = i == 0 ? u - (v / 2 - u / 2) : i == n ? v + (v / 2 - u / 2) : u / 2 + v / 2;
    return log ? Math.clamp(Math.exp(at), Double.MIN_VALUE, Double.MAX_VALUE) : Math.clamp(at, -Double.MAX_VALUE, Double.MAX_VALUE);
  }
}
