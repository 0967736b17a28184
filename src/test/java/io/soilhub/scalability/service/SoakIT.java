package io.soilhub.scalability.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.gateway.proxy.Backend;
import io.soilhub.scalability.testing.HttpCalls;
import io.soilhub.scalability.testing.HttpCalls.Answer;
import io.soilhub.scalability.testing.LibertyReplica;
import io.soilhub.scalability.testing.ServiceEnvironment;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Half an hour of mixed load, at the end of which every call takes as long as at the begin: what
/// gets slower with what was done before stops a service sooner or later. `-Dsoak.minutes` says for
/// how long, the first sixth of which warms up.
///
/// Compared are the first and the last sixth after the warm-up, by the median and the 95th
/// percentile of each call.
@Tag("drill")
class SoakIT {

  private static final Duration WHOLE = Duration.ofMinutes(Integer.getInteger("soak.minutes", 30));
  private static final int SIXTHS = 6;
  private static final int CALLERS = 6;

  /// The pause of each caller after each call: the load is one that the service bears, and the same
  /// at the end as at the begin.
  private static final Duration PAUSE = Duration.ofMillis(10);

  /// What makes tables grow is called this many times as often as each list.
  private static final int WRITES = 4;

  private static final double FLAT = 1.2;

  /// Times of which a tenth of a millisecond more says nothing.
  private static final long MEASURABLE_NANOS = Duration.ofMillis(1).toNanos();

  /// What one call took, in each sixth.
  private record Times(List<List<Long>> nanos) {

    static Times none() {
      List<List<Long>> sixths = new ArrayList<>();
      for (int i = 0; i < SIXTHS; i++) {
        sixths.add(new ArrayList<>());
      }
      return new Times(sixths);
    }

    synchronized void add(int sixth, long took) {
      nanos.get(sixth).add(took);
    }

    synchronized long quantile(int sixth, double share) {
      long[] sorted = nanos.get(sixth).stream().mapToLong(Long::longValue).sorted().toArray();
      return sorted[(int) Math.min(sorted.length - 1L, Math.round(share * sorted.length))];
    }

    int calls() {
      return nanos.stream().mapToInt(List::size).sum();
    }

    String millisBySixth(double share) {
      return IntStream.range(0, SIXTHS)
          .mapToObj(sixth -> "%.1f".formatted(quantile(sixth, share) / 1e6))
          .collect(Collectors.joining(" "));
    }

    /// By how much more the last sixth takes than the first after the warm-up.
    double growth(double share) {
      long floor = MEASURABLE_NANOS;
      return (double) Math.max(floor, quantile(SIXTHS - 1, share))
          / Math.max(floor, quantile(1, share));
    }
  }

  @Test
  void everyCallTakesAsLongAtTheEndAsAtTheBegin() throws Exception {
    Map<String, Times> times = new ConcurrentHashMap<>();
    AtomicInteger failed = new AtomicInteger();
    try (TestRedis redis = TestRedis.start();
        Backend backend = Backend.start()) {
      Map<String, String> variables = ServiceEnvironment.variables(TestPostgres.shared(), redis);
      variables.put("INSTANCES", "load/one=localhost:" + backend.port());
      try (LibertyReplica replica = LibertyReplica.start("soak", variables);
          ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
        replica.awaitStatus("/gateway/load/echo", 200, Duration.ofSeconds(30));
        long begin = System.nanoTime();
        List<Future<?>> running = new ArrayList<>();
        for (int caller = 0; caller < CALLERS; caller++) {
          long seed = caller;
          running.add(callers.submit(() -> call(replica.http(), seed, begin, times, failed)));
        }
        for (Future<?> caller : running) {
          caller.get();
        }
      }
    }
    Map<String, String> slower = new TreeMap<>();
    times.forEach(
        (name, taken) -> {
          double median = taken.growth(0.5);
          double high = taken.growth(0.95);
          String said =
              "%s: %d calls, median x %.2f, p95 x %.2f (ms by sixth: %s)"
                  .formatted(name, taken.calls(), median, high, taken.millisBySixth(0.95));
          System.out.println(said);
          if (median > FLAT || high > FLAT) {
            slower.put(name, said);
          }
        });
    assertThat(failed).hasValue(0);
    assertThat(slower).isEmpty();
  }

  private static void call(
      HttpCalls http, long seed, long begin, Map<String, Times> times, AtomicInteger failed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Map.Entry<String, MixedLoad.Call>> calls = new ArrayList<>();
    for (Map.Entry<String, MixedLoad.Call> each : MixedLoad.calls().entrySet()) {
      calls.addAll(Collections.nCopies(each.getKey().startsWith("list ") ? 1 : WRITES, each));
    }
    while (true) {
      long now = System.nanoTime();
      int sixth = (int) ((now - begin) * SIXTHS / WHOLE.toNanos());
      if (sixth >= SIXTHS) {
        return;
      }
      Map.Entry<String, MixedLoad.Call> next = calls.get(random.nextInt(calls.size()));
      Answer answer = next.getValue().send(http, random);
      long took = System.nanoTime() - now;
      times.computeIfAbsent(next.getKey(), _ -> Times.none()).add(sixth, took);
      if (answer.status() >= 500) {
        failed.incrementAndGet();
        System.out.println(next.getKey() + ": " + answer);
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
