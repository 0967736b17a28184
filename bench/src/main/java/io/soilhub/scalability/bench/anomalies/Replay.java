package io.soilhub.scalability.bench.anomalies;

import io.soilhub.scalability.bench.anomalies.Trace.Point;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// One trace through one detector.
///
/// @param begins times at which an alarm began after the first week
/// @param alarmed by point of the trace
record Replay(Trace trace, List<Instant> begins, boolean[] alarmed) {

  static Replay of(Trace trace, Detector detector) {
    List<Instant> begins = new ArrayList<>();
    boolean[] alarmed = new boolean[trace.points().size()];
    for (int i = 0; i < alarmed.length; i++) {
      Point point = trace.points().get(i);
      alarmed[i] = detector.alarmed(point.at(), point.value());
      boolean starts = alarmed[i] && (i == 0 || !alarmed[i - 1]);
      if (starts && !point.at().isBefore(trace.judgedFrom())) {
        begins.add(point.at());
      }
    }
    return new Replay(trace, begins, alarmed);
  }

  long falseAlarms() {
    return begins.stream().filter(trace::counts).count();
  }

  double falseAlarmsPerWeek() {
    return falseAlarms() / trace.judgedWeeks();
  }

  List<Known> found() {
    return trace.judgedEvents().stream().filter(event -> standsWithin(event)).toList();
  }

  private boolean standsWithin(Known event) {
    for (int i = 0; i < alarmed.length; i++) {
      if (alarmed[i] && event.holds(trace.points().get(i).at())) {
        return true;
      }
    }
    return false;
  }

  /// Of the intervals put into the trace, those in which an alarm began; those that a standing
  /// alarm preceded do not count.
  Share found(List<Known> injected) {
    int found = 0;
    int of = 0;
    List<Duration> delays = new ArrayList<>();
    for (Known interval : injected) {
      int first = first(interval);
      if (first > 0 && !alarmed[first - 1]) {
        of++;
        for (int i = first; i < alarmed.length && interval.holds(at(i)); i++) {
          if (alarmed[i]) {
            found++;
            delays.add(Duration.between(interval.from(), at(i)));
            break;
          }
        }
      }
    }
    return new Share(found, of, delays.stream().sorted().toList());
  }

  private int first(Known interval) {
    for (int i = 0; i < alarmed.length; i++) {
      if (interval.holds(at(i))) {
        return i;
      }
    }
    return -1;
  }

  private Instant at(int i) {
    return trace.points().get(i).at();
  }

  /// @param delays from the beginning of the interval to the alarm, sorted
  record Share(int found, int of, List<Duration> delays) {}
}
