package io.soilhub.scalability.bench.anomalies;

import java.time.Instant;

/// Something that is given the values of one series in order and raises alarms.
interface Detector {

  /// @return whether an alarm stands after this value
  boolean alarmed(Instant at, double value);
}
