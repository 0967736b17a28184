package io.soilhub.scalability.monitoring.anomalies;

import java.time.Duration;

/// How a series is judged.
///
/// @param step between two values, one minute to one hour
/// @param grain the smallest difference that means anything, in the unit of the series: 1 for
///   counts, 0.001 for response times in seconds
/// @param threshold least score of a value that is out of the usual, in standard deviations
/// @param votes so many of the last `window` values, out on the same side, raise an alarm
/// @param window at most 16
/// @param alarmsPerWeek a series that raises more of them than that is heard less and less: the
///   threshold stretches with each alarm and relaxes at this rate
public record BaselineSettings(
    Duration step, double grain, double threshold, int votes, int window, double alarmsPerWeek) {

  public BaselineSettings {
    if (step.compareTo(Duration.ofMinutes(1)) < 0 || step.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("step is 1 minute to 1 hour, not " + step);
    }
    if (!(grain > 0) || !(threshold > 0) || !(alarmsPerWeek > 0)) {
      throw new IllegalArgumentException("grain, threshold and alarmsPerWeek are above zero");
    }
    if (votes < 1 || votes > window || window > 16) {
      throw new IllegalArgumentException("1 <= votes <= window <= 16");
    }
  }

  /// For counts of events.
  public static BaselineSettings counts(Duration step) {
    return of(step, 1);
  }

  /// For anything else, such as response times.
  public static BaselineSettings of(Duration step, double grain) {
    return new BaselineSettings(step, grain, 4, 3, 5, 0.5);
  }

  long stepSeconds() {
    return step.toSeconds();
  }
}
