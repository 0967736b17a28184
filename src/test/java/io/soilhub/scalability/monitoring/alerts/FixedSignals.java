package io.soilhub.scalability.monitoring.alerts;

import io.soilhub.scalability.telemetry.metrics.Labels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Signals that a test sets by hand.
final class FixedSignals implements SignalSource {

  private final Map<AlertSignal, Map<Labels, Reading>> readings = new ConcurrentHashMap<>();

  /// Also while a reader is under way: a test can be in between.
  volatile Runnable whileReading = () -> {};

  void set(AlertSignal signal, Labels subject, double value) {
    set(signal, new Reading(subject, value, 1_000_000));
  }

  void set(AlertSignal signal, Reading reading) {
    readings
        .computeIfAbsent(signal, _ -> new ConcurrentHashMap<>())
        .put(reading.subject(), reading);
  }

  void remove(AlertSignal signal, Labels subject) {
    readings.getOrDefault(signal, Map.of()).remove(subject);
  }

  @Override
  public List<Reading> readings(AlertSignal signal, Duration window) {
    List<Reading> now = new ArrayList<>(readings.getOrDefault(signal, Map.of()).values());
    whileReading.run();
    return now;
  }
}
