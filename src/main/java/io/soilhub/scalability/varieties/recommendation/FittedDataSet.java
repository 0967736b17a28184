package io.soilhub.scalability.varieties.recommendation;

import io.soilhub.scalability.varieties.model.TrialModel;
import io.soilhub.scalability.varieties.trials.DataSet;
import io.soilhub.scalability.varieties.trials.GeoPoint;
import io.soilhub.scalability.varieties.trials.TrialTable;
import java.util.stream.DoubleStream;

/// A data set with its model, ready to be asked.
public record FittedDataSet(DataSet data, TrialModel model) {

  public static FittedDataSet of(DataSet data) {
    return new FittedDataSet(data, TrialModel.of(data.table(), data.constants()));
  }

  public TrialTable table() {
    return data.table();
  }

  /// Yield of the average variety over all environments of the last ten years.
  public double meanYield() {
    return LocalYield.of(this, new double[0], false).value();
  }

  /// Km from `place` to each site, in the order of the table; NaN for sites of unknown place.
  public double[] distances(GeoPoint place) {
    return table().sites().stream()
        .mapToDouble(site -> site.place().map(place::distanceKm).orElse(Double.NaN))
        .toArray();
  }

  /// Km to the nearest trial; infinite when no site's place is known.
  public double nearestKm(GeoPoint place) {
    return nearest(distances(place));
  }

  /// The smallest known distance; infinite when none is known.
  static double nearest(double[] distances) {
    return DoubleStream.of(distances)
        .filter(km -> !Double.isNaN(km))
        .min()
        .orElse(Double.POSITIVE_INFINITY);
  }
}
