package io.soilhub.scalability.varieties.trials;

import java.util.List;
import java.util.Optional;

/// The content of a `datasets.json`.
record DataSetManifest(List<ManifestEntry> datasets) {

  /// @param trials name of the table's file in the folder
  /// @param constants fitted when the folder is read if they are not given
  /// @param synthetic whether the numbers came from a generator
  /// @param keepGoodLines whether a table with bad lines is used without them
  record ManifestEntry(
      String datasetId,
      String cropId,
      String name,
      String source,
      String licence,
      String trials,
      Optional<String> sites,
      String yieldUnit,
      Optional<Fitted> constants,
      Optional<String> constantsFitted,
      Optional<Boolean> synthetic,
      Optional<Boolean> keepGoodLines) {}

  record Fitted(double vg, double vl, double vy, double ve, Optional<Double> lengthKm) {

    VarianceComponents constants() {
      return new VarianceComponents(vg, vl, vy, ve, lengthKm.orElse(0.0));
    }
  }
}
