package io.soilhub.scalability.varieties.model;

import java.util.Map;
import java.util.stream.IntStream;

/// One environment that the models did not see: what its varieties yielded, and what was said
/// before.
///
/// @param observed yields of the pool, which are the varieties of the environment that were known
///   from other trials
/// @param predicted advantage of each of the pool, by method
/// @param variances of one trial of each of the pool around the model's prediction
record HeldOut(int year, double[] observed, Map<Method, double[]> predicted, double[] variances) {

  /// What picks a variety.
  enum Method {
    /// Mean of the yields, as if all environments were equal.
    PLAIN_MEAN("plain mean"),
    /// Mean of the deviations from the plain mean of the environment.
    DEVIATION("deviations"),
    /// Shrunken effects, the same everywhere.
    BLUP("BLUP"),
    /// The model of this project.
    KERNEL("kernel BLUP"),
    /// Mean of the deviations at the nearest site that grew the variety.
    NEAREST_SITE("nearest site");

    private final String label;

    Method(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  int size() {
    return observed.length;
  }

  double mean() {
    return mean(observed);
  }

  double best() {
    return observed[top(observed)];
  }

  /// Yield of the variety that the method puts first.
  double picked(Method method) {
    return observed[top(predicted.get(method))];
  }

  double rankCorrelation(Method method) {
    return RankStatistics.spearman(observed, predicted.get(method));
  }

  /// How many of the pool lie within the central 90 % interval around the model's prediction. The
  /// environment's own level is unknown beforehand, so deviations from the mean of the pool are
  /// compared.
  int withinInterval() {
    double[] advantages = predicted.get(Method.KERNEL);
    double observedMean = mean(observed);
    double predictedMean = mean(advantages);
    int n = size();
    double all = IntStream.range(0, n).mapToDouble(i -> variances[i]).sum() / n / n;
    int within = 0;
    for (int i = 0; i < n; i++) {
      double error = (observed[i] - observedMean) - (advantages[i] - predictedMean);
      double variance = variances[i] * (1 - 2.0 / n) + all;
      within += Math.abs(error) <= Normal.CENTRAL_90 * Math.sqrt(variance) ? 1 : 0;
    }
    return within;
  }

  static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static int top(double[] values) {
    int top = 0;
    for (int i = 1; i < values.length; i++) {
      top = values[i] > values[top] ? i : top;
    }
    return top;
  }
}
