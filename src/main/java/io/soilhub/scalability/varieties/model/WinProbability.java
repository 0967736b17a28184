package io.soilhub.scalability.varieties.model;

import java.util.Arrays;
import java.util.List;

/// How surely a variety beats the others: the reliability of Eskridge and Mumm (1992), which is the
/// statement about a future trial that a grower can check.
public final class WinProbability {

  private WinProbability() {}

  /// Probability that the first yields more than the second in one future trial with both.
  ///
  /// @param trialVariance of one future trial around either posterior
  public static double beats(Prediction one, Prediction other, double trialVariance) {
    double variance = one.variance() + other.variance() + 2 * trialVariance;
    double difference = one.advantage() - other.advantage();
    return variance > 0 ? Normal.below(difference / Math.sqrt(variance)) : sign(difference);
  }

  /// For each candidate the mean probability of beating one of the others in one future trial. A
  /// lone candidate has 0.5: there is nothing to beat.
  public static double[] of(List<Prediction> candidates, double trialVariance) {
    int n = candidates.size();
    double[] shares = new double[n];
    if (n == 1) {
      shares[0] = 0.5;
      return shares;
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        double p = beats(candidates.get(i), candidates.get(j), trialVariance);
        shares[i] += p;
        shares[j] += 1 - p;
      }
    }
    return Arrays.stream(shares).map(sum -> sum / (n - 1)).toArray();
  }

  private static double sign(double difference) {
    return difference > 0 ? 1 : difference < 0 ? 0 : 0.5;
  }
}
