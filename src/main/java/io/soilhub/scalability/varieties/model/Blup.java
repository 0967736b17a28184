package io.soilhub.scalability.varieties.model;

import io.soilhub.scalability.varieties.trials.TrialTable;

/// Environment means and shrunken variety means, each estimated given the other until neither
/// moves: the mixed-model equations of Henderson (1975) for fixed environments and random
/// varieties, solved by Gauss-Seidel. Environments are thereby compared at equal varieties, and
/// varieties at equal environments, though no variety was tested everywhere.
///
/// @param environmentMeans yield of the average variety in each environment; NaN where no row is
/// @param effects shrunken advantage of each variety over the average one, everywhere alike
record Blup(double[] environmentMeans, double[] effects) {

  private static final int MAX_ROUNDS = 500;
  private static final double TOLERANCE = 1e-10;

  static Blup of(TrialTable table, double lambda) {
    double[] means = new double[table.environments().size()];
    double[] effects = new double[table.varieties().size()];
    double change = Double.MAX_VALUE;
    for (int round = 0; round < MAX_ROUNDS && change > TOLERANCE; round++) {
      updateMeans(table, effects, means);
      change = updateEffects(table, means, lambda, effects);
    }
    return new Blup(means, effects);
  }

  private static void updateMeans(TrialTable table, double[] effects, double[] means) {
    double[] sums = new double[means.length];
    int[] counts = new int[means.length];
    for (int v = 0; v < effects.length; v++) {
      for (int row = table.start(v); row < table.end(v); row++) {
        int environment = table.environmentIndex(row);
        sums[environment] += table.yield(row) - effects[v];
        counts[environment]++;
      }
    }
    for (int e = 0; e < means.length; e++) {
      means[e] = counts[e] == 0 ? Double.NaN : sums[e] / counts[e];
    }
  }

  /// @return the largest change, relative to the largest effect
  private static double updateEffects(
      TrialTable table, double[] means, double lambda, double[] effects) {
    double largestChange = 0;
    double largest = Double.MIN_NORMAL;
    for (int v = 0; v < effects.length; v++) {
      double sum = 0;
      for (int row = table.start(v); row < table.end(v); row++) {
        sum += table.yield(row) - means[table.environmentIndex(row)];
      }
      double effect = sum / (table.siteYears(v) + lambda);
      largestChange = Math.max(largestChange, Math.abs(effect - effects[v]));
      largest = Math.max(largest, Math.abs(effect));
      effects[v] = effect;
    }
    return largestChange / largest;
  }
}
