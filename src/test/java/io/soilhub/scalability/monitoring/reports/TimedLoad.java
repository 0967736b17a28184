package io.soilhub.scalability.monitoring.reports;

import static io.soilhub.scalability.testing.HttpCalls.API;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.HttpCalls;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/// Requests through the gateways of replicas to an instance that takes as long as its caller says,
/// with what both ends measured themselves. What a gateway measures of a request lies between: it
/// begins after its caller did and before the instance, and ends the other way round. So does, of
/// all requests, every quantile, the mean, and the extremes, however slow the machine is.
final class TimedLoad implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(TimedLoad.class.getName());
  private static final SortedMap<String, Double> QUANTILES =
      new TreeMap<>(Map.of("p50", 0.5, "p95", 0.95, "p99", 0.99));
  private static final double QUANTILE_ERROR = 0.01;

  /// Answers have six digits.
  private static final double ROUNDING = 1e-5;

  private static final int CALLERS = 4;
  private static final int CALLS = 40;
  private static final double MEDIAN_MICROS = 100_000;
  private static final double SPREAD = 0.5;

  private final String service;
  private final HttpServer instance;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<Long> worked = new ConcurrentLinkedQueue<>();
  private final Queue<Long> waited = new ConcurrentLinkedQueue<>();

  TimedLoad(String service) throws IOException {
    this.service = service;
    this.instance =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    instance.createContext("/", exchange -> answer(exchange, 200));
    instance.createContext("/work", this::work);
    instance.setExecutor(threads);
    instance.start();
  }

  /// Registers the instance and sends the requests, some from each of several callers to each
  /// replica.
  void run(List<HttpCalls> replicas) throws Exception {
    int port = instance.getAddress().getPort();
    String body =
        "{\"instance_id\":\"%s-1\",\"service\":\"%s\",\"host\":\"localhost\",\"port\":%d}"
            .formatted(service, service, port);
    assertThat(replicas.getFirst().post(API + "/instances", body).status()).isEqualTo(201);
    for (HttpCalls replica : replicas) {
      Await.until("the instance is known", Duration.ofSeconds(30), () -> call(replica, 1000));
    }
    List<Future<?>> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS * replicas.size(); i++) {
      HttpCalls replica = replicas.get(i % replicas.size());
      Random random = new Random(i);
      callers.add(threads.submit(() -> calls(replica, random)));
    }
    for (Future<?> caller : callers) {
      caller.get();
    }
  }

  /// That the instance answered.
  int requests() {
    assertThat(waited).hasSameSizeAs(worked);
    return worked.size();
  }

  /// @param times as the monitor tells them, in milliseconds
  void compare(JsonNode times) {
    List<Double> low = millis(worked);
    List<Double> high = millis(waited);
    for (Map.Entry<String, Double> quantile : QUANTILES.entrySet()) {
      int rank = (int) Math.ceil(quantile.getValue() * low.size()) - 1;
      between(times, quantile.getKey(), low.get(rank), high.get(rank), QUANTILE_ERROR);
    }
    between(times, "min", low.getFirst(), high.getFirst(), ROUNDING);
    between(times, "max", low.getLast(), high.getLast(), ROUNDING);
    between(times, "average", mean(low), mean(high), ROUNDING);
  }

  private static void between(
      JsonNode times, String figure, double low, double high, double error) {
    double told = times.at("/" + figure).asDouble();
    LOG.log(Level.INFO, "{0}: {1} of {2} to {3} ms", figure, told, low, high);
    assertThat(told).as(figure).isBetween(low * (1 - error), high * (1 + error));
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(v -> v).average().orElseThrow();
  }

  @Override
  public void close() {
    instance.stop(0);
    threads.close();
  }

  private void calls(HttpCalls replica, Random random) {
    for (int i = 0; i < CALLS; i++) {
      long micros = Math.round(MEDIAN_MICROS * Math.exp(SPREAD * random.nextGaussian()));
      assertThat(call(replica, micros)).isTrue();
    }
  }

  /// @return false when there was nobody to forward to
  private boolean call(HttpCalls replica, long micros) {
    long begin = System.nanoTime();
    int status = replica.get("/gateway/%s/work?%d".formatted(service, micros)).status();
    if (status == 404) {
      return false;
    }
    waited.add(System.nanoTime() - begin);
    assertThat(status).isEqualTo(200);
    return true;
  }

  private void work(HttpExchange exchange) throws IOException {
    long begin = System.nanoTime();
    long until = begin + 1000 * Long.parseLong(exchange.getRequestURI().getQuery());
    for (long left = until - begin; left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    worked.add(System.nanoTime() - begin);
    answer(exchange, 200);
  }

  private static void answer(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private static List<Double> millis(Queue<Long> nanos) {
    return nanos.stream().map(n -> n / 1e6).sorted().toList();
  }
}
