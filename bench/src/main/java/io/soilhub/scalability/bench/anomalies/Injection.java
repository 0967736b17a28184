package io.soilhub.scalability.bench.anomalies;

import io.soilhub.scalability.bench.anomalies.Trace.Point;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Faults put into a trace at seeded times of the day, on average one every ten days after the
/// first week, where nothing is known to have happened.
///
/// @param factor that the true values are multiplied by
enum Injection {
  OUTAGE("nothing for 2 h", 0, 2),
  HALF("half for 4 h", 0.5, 4),
  DOUBLE("double for 4 h", 2, 4);

  private final String text;
  private final double factor;
  private final int hours;

  Injection(String text, double factor, int hours) {
    this.text = text;
    this.factor = factor;
    this.hours = hours;
  }

  String text() {
    return text;
  }

  /// The intervals that one seed gives, between 9 and 20 o'clock of the trace.
  List<Known> intervals(Trace trace, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Known> intervals = new ArrayList<>();
    Instant end = trace.points().getLast().at().minus(Duration.ofDays(1));
    Instant day = trace.judgedFrom().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1));
    for (; day.isBefore(end); day = day.plus(Duration.ofDays(5 + random.nextInt(10)))) {
      Instant from = day.plus(Duration.ofMinutes(60 * 9 + random.nextInt(60 * 11)));
      Known interval = new Known(text, from, from.plus(Duration.ofHours(hours)));
      if (trace.counts(interval.from()) && trace.counts(interval.to())) {
        intervals.add(interval);
      }
    }
    return intervals;
  }

  Trace into(Trace trace, List<Known> intervals) {
    List<Point> points =
        trace.points().stream()
            .map(
                point ->
                    intervals.stream().anyMatch(interval -> interval.holds(point.at()))
                        ? new Point(point.at(), Math.rint(point.value() * factor))
                        : point)
            .toList();
    return new Trace(trace.name(), trace.step(), points, trace.events(), trace.excused());
  }
}
