package ufm.solver;

/**
 * {@code f = <x, A x>/2 - <b, x>}, the same for every lane.
 *
 * @param a symmetric, by rows
 * @param b linear term
 */
record QuadraticForm(double[][] a, double[] b) implements FamilyObjective.Family {
  @Override
  public double valueGradient(int member, double[] x, double[] g) {
    hessian(member, x, x, g);
    double f = 0;
    for (int i = 0; i < x.length; i++) {
      f += x[i] * (0.5 * g[i] - b[i]);
      g[i] -= b[i];
    }
    return f;
  }

  @Override
  public void hessian(int member, double[] x, double[] v, double[] out) {
    for (int i = 0; i < x.length; i++) {
      out[i] = 0;
      for (int j = 0; j < x.length; j++) {
        out[i] += a[i][j] * v[j];
      }
    }
  }
}
