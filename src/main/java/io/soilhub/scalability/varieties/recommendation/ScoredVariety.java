package io.soilhub.scalability.varieties.recommendation;

import io.soilhub.scalability.varieties.model.Prediction;
import io.soilhub.scalability.varieties.recommendation.Preferences.YieldPriority;

/// One candidate at the place asked for, before ranking.
///
/// @param variety number in the table
/// @param beatsShare mean chance to yield more than another candidate in one future trial
record ScoredVariety(int variety, Prediction prediction, double beatsShare) {

  double utility(YieldPriority priority) {
    return prediction.advantage() - priority.caution() * prediction.sd();
  }
}
