package io.soilhub.scalability.bench.anomalies;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The traces with what is known about them. Windows of the Numenta Anomaly Benchmark (NAB) are
/// excused; for the taxis an event is narrower, the day itself and half a day around it.
final class Traces {

  private static final Duration FIVE = Duration.ofMinutes(5);

  private Traces() {}

  static List<Trace> read(Path folder) throws IOException {
    List<Trace.Point> nasa = Trace.read(folder.resolve("nasa_http_1995_per_minute.csv.gz"));
    return List.of(
        nasa("NASA web server, 5 min", nasa, FIVE),
        nasa("NASA web server, 15 min", nasa, Duration.ofMinutes(15)),
        taxis(Trace.read(folder.resolve("nyc_taxi_half_hourly.csv.gz"))),
        elb(Trace.read(folder.resolve("elb_request_count_5min.csv.gz"))),
        twitter(Trace.read(folder.resolve("twitter_volume_aapl_5min.csv.gz"))));
  }

  private static Trace nasa(String name, List<Trace.Point> minutes, Duration step) {
    List<Known> events =
        List.of(
            Known.of("launch of STS-70", "1995-07-13T08:00", "1995-07-13T14:00"),
            Known.of("landing of STS-70", "1995-07-21T06:00", "1995-07-22T12:00"));
    return new Trace(name, step, Trace.summed(minutes, step), events, events);
  }

  private static Trace taxis(List<Trace.Point> points) {
    return new Trace(
        "New York taxis, 30 min",
        Duration.ofMinutes(30),
        points,
        List.of(
            Known.of("marathon", "2014-11-01T12:00", "2014-11-03T00:00"),
            Known.of("Thanksgiving", "2014-11-26T12:00", "2014-11-28T12:00"),
            Known.of("Christmas", "2014-12-24T12:00", "2014-12-26T12:00"),
            Known.of("New Year", "2014-12-31T12:00", "2015-01-02T12:00"),
            Known.of("snow storm", "2015-01-26T00:00", "2015-01-28T12:00")),
        List.of(
            Known.of("NAB", "2014-10-30T15:30", "2014-11-03T22:30"),
            Known.of("NAB", "2014-11-25T12:00", "2014-11-29T19:00"),
            Known.of("NAB", "2014-12-23T11:30", "2014-12-27T18:30"),
            Known.of("NAB", "2014-12-29T21:30", "2015-01-03T04:30"),
            Known.of("NAB", "2015-01-24T20:30", "2015-01-29T03:30")));
  }

  private static Trace elb(List<Trace.Point> points) {
    List<Known> windows =
        List.of(
            Known.of("NAB 1", "2014-04-12T09:04", "2014-04-13T01:44"),
            Known.of("NAB 2", "2014-04-22T11:14", "2014-04-23T03:54"));
    return new Trace("Load balancer, 5 min", FIVE, points, windows, windows);
  }

  private static Trace twitter(List<Trace.Point> points) {
    List<Known> windows =
        List.of(
            Known.of("NAB 1", "2015-03-03T04:37:53", "2015-03-04T13:37:53"),
            Known.of("NAB 2", "2015-03-09T01:02:53", "2015-03-10T10:02:53"),
            Known.of("NAB 3", "2015-03-15T10:27:53", "2015-03-16T19:27:53"),
            Known.of("NAB 4", "2015-03-30T10:57:53", "2015-03-31T19:57:53"));
    return new Trace("Mentions of AAPL, 5 min", FIVE, points, windows, windows);
  }
}
