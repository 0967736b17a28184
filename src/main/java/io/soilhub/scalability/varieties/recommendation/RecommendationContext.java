package io.soilhub.scalability.varieties.recommendation;

/// What holds for all candidates of one answer.
///
/// @param distances km from the place to each site of the table; NaN where unknown
/// @param nearestKm to the nearest trial; infinite when no site's place is known
record RecommendationContext(
    FittedDataSet set,
    RecommendationRequest question,
    double[] distances,
    double nearestKm,
    LocalYield level) {

  static RecommendationContext of(FittedDataSet set, RecommendationRequest recommendationRequest) {
    double[] distances = set.distances(recommendationRequest.place());
    double nearestKm = FittedDataSet.nearest(distances);
    LocalYield level = LocalYield.of(set, distances, nearestKm <= Confidence.LIMIT_KM);
    return new RecommendationContext(set, recommendationRequest, distances, nearestKm, level);
  }

  /// Whether trials say nothing of the place itself.
  boolean generalOnly() {
    return nearestKm > Confidence.LIMIT_KM;
  }

  String unit() {
    return set.data().unit().symbol();
  }
}
