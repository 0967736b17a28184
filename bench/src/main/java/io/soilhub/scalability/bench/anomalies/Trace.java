package io.soilhub.scalability.bench.anomalies;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/// A real series of equally spaced values with gaps.
///
/// @param events an alarm has to stand at some time within one for it to be found
/// @param excused wider times around them, in which an alarm is neither false nor right
record Trace(
    String name, Duration step, List<Point> points, List<Known> events, List<Known> excused) {

  record Point(Instant at, double value) {}

  /// @param file gzipped CSV with a head: time, value
  static List<Point> read(Path file) throws IOException {
    List<Point> points = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      lines.readLine();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int comma = line.indexOf(',');
        Instant at =
            LocalDateTime.parse(line.substring(0, comma).replace(' ', 'T'))
                .toInstant(ZoneOffset.UTC);
        points.add(new Point(at, Double.parseDouble(line.substring(comma + 1))));
      }
    }
    return points;
  }

  /// Values of one minute summed up; a missing minute counts as their mean, and where more than
  /// half are missing there is a gap.
  static List<Point> summed(List<Point> minutes, Duration step) {
    int size = (int) step.toMinutes();
    TreeMap<Long, double[]> sums = new TreeMap<>();
    for (Point point : minutes) {
      long slot = Math.floorDiv(point.at().getEpochSecond(), step.toSeconds());
      double[] sum = sums.computeIfAbsent(slot, _ -> new double[2]);
      sum[0] += point.value();
      sum[1]++;
    }
    List<Point> points = new ArrayList<>();
    sums.forEach(
        (slot, sum) -> {
          if (sum[1] * 2 > size) {
            points.add(
                new Point(Instant.ofEpochSecond(slot * step.toSeconds()), sum[0] * size / sum[1]));
          }
        });
    return points;
  }

  /// From here on alarms count: a week has been seen.
  Instant judgedFrom() {
    return points.getFirst().at().plus(Duration.ofDays(7));
  }

  /// Weeks in which an alarm would be false.
  double judgedWeeks() {
    long judged = points.stream().filter(point -> counts(point.at())).count();
    return judged * (double) step.toSeconds() / Duration.ofDays(7).toSeconds();
  }

  boolean counts(Instant at) {
    return !at.isBefore(judgedFrom()) && excused.stream().noneMatch(known -> known.holds(at));
  }

  List<Known> judgedEvents() {
    return events.stream().filter(event -> !event.from().isBefore(judgedFrom())).toList();
  }
}
