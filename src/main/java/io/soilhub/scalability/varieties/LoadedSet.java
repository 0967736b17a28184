package io.soilhub.scalability.varieties;

import io.soilhub.scalability.prediction.TrialModel;
import io.soilhub.scalability.trials.DataSet;
import io.soilhub.scalability.trials.Place;
import io.soilhub.scalability.trials.TrialTable;
import java.util.stream.DoubleStream;

/// A data set with its model, ready to be asked.
record LoadedSet(DataSet data, TrialModel model) {

  static LoadedSet of(DataSet data) {
    return new LoadedSet(data, TrialModel.of(data.table(), data.constants()));
  }

  TrialTable table() {
    return data.table();
  }

  /// Km from `place` to each site, in the order of the table; NaN for sites of unknown place.
  double[] distances(Place place) {
    return table().sites().stream()
        .mapToDouble(site -> site.place().map(place::distanceKm).orElse(Double.NaN))
        .toArray();
  }

  /// The smallest known distance; infinite when none is known.
  static double nearest(double[] distances) {
    return DoubleStream.of(distances)
        .filter(km -> !Double.isNaN(km))
        .min()
        .orElse(Double.POSITIVE_INFINITY);
  }
}
