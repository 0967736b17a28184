package io.soilhub.scalability.monitoring.alerts;

import io.soilhub.scalability.telemetry.metrics.Labels;
import java.time.Duration;
import java.util.List;

/// What the rules look at. A CDI bean that knows the signal answers for it; of several beans the
/// readings are put together.
@FunctionalInterface
public interface SignalSource {

  /// What was seen of one subject.
  ///
  /// @param subject what it was seen of, for instance `{node="a"}`; [Labels#NONE] for the whole
  /// @param value in base units: seconds, ratios of 0 to 1, 1 for yes and 0 for no
  /// @param count of what the value was made of, such as requests in the window; 1 where that makes
  ///   no sense
  record Reading(Labels subject, double value, long count) {}

  /// The numbers of a signal now, one for each subject; empty when there are none. Called on the
  /// replica that evaluates, for all replicas.
  ///
  /// @param window over which means, ratios and quantiles are taken; signals of a moment ignore it
  List<Reading> readings(AlertSignal signal, Duration window);
}
