package io.soilhub.scalability.monitoring.anomalies;

/// One value beside what was expected of it before it was seen.
///
/// @param expected in the unit of the series
/// @param low the least value that would have been usual
/// @param high the greatest value that would have been usual
/// @param scale standard deviation of what is usual at this time, on the stabilised axis, on which
///   one is about the noise of a count of independent events
/// @param score distance from the expected in scales, negative below it
public record AnomalyScore(
    double expected, double low, double high, double scale, double score, AnomalyState verdict) {}
