package io.soilhub.scalability.varieties.recommendation;

import io.soilhub.scalability.varieties.model.Prediction;
import io.soilhub.scalability.varieties.trials.Environment;
import io.soilhub.scalability.varieties.trials.TrialTable;
import java.util.List;

/// What the average variety yields around a place: the environment means of the last ten years,
/// weighted down with distance.
///
/// @param spread standard deviation between those environments: places and seasons together
record LocalYield(double value, double spread, String basis, int firstYear, int lastYear) {

  private static final int YEARS = 10;
  private static final double REACH_KM = 200;

  /// @param distances km to each site, NaN where unknown
  /// @param near whether trials speak of the place at all; else every environment counts alike
  static LocalYield of(FittedDataSet set, double[] distances, boolean near) {
    TrialTable table = set.table();
    int lastYear = table.lastYear();
    int firstYear = Math.max(table.firstYear(), lastYear - YEARS + 1);
    List<Environment> environments = table.environments();
    double weights = 0;
    double mean = 0;
    double squares = 0;
    for (int e = 0; e < environments.size(); e++) {
      Environment environment = environments.get(e);
      double weight = near ? weight(distances[environment.site()]) : 1;
      if (environment.year() < firstYear || weight == 0) {
        continue;
      }
      // West (1979): weighted mean and squares in one pass
      weights += weight;
      double step = set.model().environmentMean(e) - mean;
      mean += step * weight / weights;
      squares += weight * step * (set.model().environmentMean(e) - mean);
    }
    if (weights == 0) {
      // The newer trials all stand at places that are unknown.
      return of(set, distances, false);
    }
    return new LocalYield(
        mean,
        Math.sqrt(squares / weights),
        near ? "trials around the place" : "all trials of the data set, not this place",
        firstYear,
        lastYear);
  }

  /// Standard deviation of one season's yield of a variety here: that between environments, what is
  /// not known of the variety, and what one trial adds.
  double sd(Prediction prediction, double trialVariance) {
    return Math.sqrt(spread * spread + prediction.variance() + trialVariance);
  }

  private static double weight(double km) {
    return Double.isNaN(km) ? 0 : Math.exp(-km / REACH_KM);
  }
}
