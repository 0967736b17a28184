package io.soilhub.scalability.recommendation;

/// What holds for all candidates of one answer.
///
/// @param distances km from the place to each site of the table; NaN where unknown
/// @param nearestKm to the nearest trial; infinite when no site's place is known
record Setting(
    LoadedSet set, Question question, double[] distances, double nearestKm, LocalYield level) {

  static Setting of(LoadedSet set, Question question) {
    double[] distances = set.distances(question.place());
    double nearestKm = LoadedSet.nearest(distances);
    LocalYield level = LocalYield.of(set, distances, nearestKm <= Confidence.LIMIT_KM);
    return new Setting(set, question, distances, nearestKm, level);
  }

  /// Whether trials say nothing of the place itself.
  boolean generalOnly() {
    return nearestKm > Confidence.LIMIT_KM;
  }

  String unit() {
    return set.data().unit().symbol();
  }
}
