package io.soilhub.scalability.monitoring.exposition;

/// How much of something is taken.
///
/// @param used bytes
/// @param limit bytes
record Usage(long used, long limit) {

  /// 0 to 1; 0 of nothing.
  double ratio() {
    return limit == 0 ? 0 : Math.clamp((double) used / limit, 0, 1);
  }
}
