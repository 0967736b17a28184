package io.soilhub.scalability.bench.monitor;

import io.soilhub.scalability.bench.Rounds;
import io.soilhub.scalability.bench.Stores;
import io.soilhub.scalability.bench.rest.RestHarness;
import io.soilhub.scalability.bench.rest.RestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Requests for an empty endpoint with the monitor and without it: two servers, each with stores of
/// its own, in turn. The one that is not asked stands still, so that its loops cost the other
/// nothing.
final class MonitorCost {

  enum Monitored {
    YES("with the monitor", List.of()),
    NO("without", List.of(WithoutMonitor.class, IgnoredOperations.class));

    private final String label;
    private final List<Class<?>> added;

    Monitored(String label, List<Class<?>> added) {
      this.label = label;
      this.added = added;
    }

    String label() {
      return label;
    }
  }

  private static final String BASE = "/api/v1/scalability";

  /// After it stood still, for what it then catches up with.
  private static final long SETTLE_MILLIS = 1500;

  private final MonitorPlan plan;
  private final Rounds<Monitored, RestHarness.Sample> samples = new Rounds<>();

  MonitorCost(MonitorPlan plan) {
    this.plan = plan;
  }

  Rounds<Monitored, RestHarness.Sample> measure(Path directory) throws Exception {
    for (int i = 0; i < plan.starts(); i++) {
      Path own = directory.resolve("start" + i);
      try (Stores some = Stores.start(own.resolve("some"));
          Stores others = Stores.start(own.resolve("others"));
          RestServer with = start(Monitored.YES, some, own);
          RestServer without = start(Monitored.NO, others, own)) {
        compare(Map.of(Monitored.YES, with, Monitored.NO, without));
      }
    }
    return samples;
  }

  private static RestServer start(Monitored monitored, Stores stores, Path directory)
      throws IOException, InterruptedException {
    return RestServer.start(stores, directory.resolve(monitored.name()), Map.of(), monitored.added);
  }

  private void compare(Map<Monitored, RestServer> servers) throws Exception {
    check(servers);
    for (RestServer server : servers.values()) {
      server.suspend();
    }
    try {
      for (Monitored monitored : Monitored.values()) {
        asked(servers.get(monitored), plan.warmMillis());
      }
      for (int round = 0; round < plan.throughputRounds(); round++) {
        for (Monitored monitored : order(round)) {
          samples.add(monitored, asked(servers.get(monitored), MonitorPlan.ROUND_MILLIS));
        }
      }
    } finally {
      for (RestServer server : servers.values()) {
        server.resume();
      }
    }
  }

  /// Each goes first as often as the other.
  private static List<Monitored> order(int round) {
    return round % 2 == 0
        ? List.of(Monitored.YES, Monitored.NO)
        : List.of(Monitored.NO, Monitored.YES);
  }

  private static RestHarness.Sample asked(RestServer server, long millis) throws Exception {
    server.resume();
    Thread.sleep(SETTLE_MILLIS);
    RestHarness.Sample sample = new RestHarness(server).measure(BASE + "/empty", millis);
    server.suspend();
    return sample;
  }

  /// That one times requests and the other does not.
  private static void check(Map<Monitored, RestServer> servers) throws Exception {
    for (Monitored monitored : Monitored.values()) {
      RestServer server = servers.get(monitored);
      server.call("GET", BASE + "/empty", "");
      String metrics = server.call("GET", BASE + "/metrics", "", "Accept", "text/plain");
      boolean timed =
          metrics.contains("soilhub_operation_duration_seconds_count{operation=\"http\"}");
      if (timed != (monitored == Monitored.YES)) {
        throw new IllegalStateException(monitored + ": requests timed: " + timed);
      }
    }
  }
}
