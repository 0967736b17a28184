package io.soilhub.scalability.bench.monitor;

import com.sun.net.httpserver.HttpServer;
import io.soilhub.scalability.bench.Stores;
import io.soilhub.scalability.bench.rest.RestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// From a value beyond its threshold, told to one of two replicas at a random moment, to the signed
/// webhook that tells of it, with the evaluation as it is by default: every 15 s on whichever
/// replica leads.
final class NoticeDelay {

  private record Arrival(String body, long nanos) {}

  private static final String BASE = "/api/v1/scalability";
  private static final int INTERVAL_MILLIS = 15_000;
  private static final int PATIENCE_SECONDS = 90;
  private static final String RULES =
      """
      {"rules":[{"name":"bench-level","signal":"metric:bench_level","threshold":1,
                 "window_seconds":60}]}
      """;

  private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();

  /// @return seconds, ascending
  List<Double> measure(int breaches, Path directory) throws Exception {
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          long now = System.nanoTime();
          byte[] body = exchange.getRequestBody().readAllBytes();
          arrivals.add(new Arrival(new String(body, StandardCharsets.UTF_8), now));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
    Map<String, String> environment =
        Map.of(
            "ALERT_WEBHOOK_URL",
            "http://localhost:%d/hook".formatted(receiver.getAddress().getPort()),
            "ALERT_WEBHOOK_SECRET",
            "0123456789abcdef");
    try (Stores stores = Stores.start(directory.resolve("stores"));
        RestServer first =
            RestServer.start(stores, directory.resolve("first"), environment, List.of());
        RestServer second =
            RestServer.start(stores, directory.resolve("second"), environment, List.of())) {
      first.call("PUT", BASE + "/alerts/rules", RULES, "If-Match", "*");
      Random random = new Random(17);
      List<Double> seconds = new ArrayList<>();
      for (int i = 0; i < breaches; i++) {
        Thread.sleep(random.nextInt(INTERVAL_MILLIS));
        seconds.add(breach(i % 2 == 0 ? first : second, "breach%03d".formatted(i)));
      }
      return seconds.stream().sorted().toList();
    } finally {
      receiver.stop(0);
    }
  }

  private double breach(RestServer replica, String name) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    replica.call(
        "POST",
        BASE + "/performance/metrics",
        "{\"name\":\"bench_level\",\"value\":2,\"metric_type\":\"gauge\",\"labels\":{\"of\":\"%s\"}}"
            .formatted(name));
    while (true) {
      Arrival arrival = arrivals.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (arrival == null) {
        throw new IllegalStateException("nobody told of " + name);
      }
      if (arrival.body.contains(name)) {
        return (arrival.nanos - begin) / 1e9;
      }
    }
  }
}
