package io.soilhub.scalability.recommendation;

import io.soilhub.scalability.prediction.Prediction;
import io.soilhub.scalability.recommendation.Preferences.YieldPriority;

/// One candidate at the place asked for, before ranking.
///
/// @param variety number in the table
/// @param beatsShare mean chance to yield more than another candidate in one future trial
record Standing(int variety, Prediction prediction, double beatsShare) {

  double utility(YieldPriority priority) {
    return prediction.advantage() - priority.caution() * prediction.sd();
  }
}
