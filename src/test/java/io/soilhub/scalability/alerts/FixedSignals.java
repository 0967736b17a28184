package io.soilhub.scalability.alerts;

import io.soilhub.scalability.monitoring.Labels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Signals that a test sets by hand.
final class FixedSignals implements Signals {

  private final Map<Signal, Map<Labels, Reading>> readings = new ConcurrentHashMap<>();

  /// Also while a reader is under way: a test can be in between.
  volatile Runnable whileReading = () -> {};

  void set(Signal signal, Labels subject, double value) {
    set(signal, new Reading(subject, value, 1_000_000));
  }

  void set(Signal signal, Reading reading) {
    readings
        .computeIfAbsent(signal, _ -> new ConcurrentHashMap<>())
        .put(reading.subject(), reading);
  }

  void remove(Signal signal, Labels subject) {
    readings.getOrDefault(signal, Map.of()).remove(subject);
  }

  @Override
  public List<Reading> readings(Signal signal, Duration window) {
    List<Reading> now = new ArrayList<>(readings.getOrDefault(signal, Map.of()).values());
    whileReading.run();
    return now;
  }
}
