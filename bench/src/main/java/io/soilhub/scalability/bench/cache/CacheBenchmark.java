package io.soilhub.scalability.bench.cache;

import static io.soilhub.scalability.bench.cache.Systems.CAFFEINE;
import static io.soilhub.scalability.bench.cache.Systems.CAFFEINE_TIMED;
import static io.soilhub.scalability.bench.cache.Systems.JEDIS;
import static io.soilhub.scalability.bench.cache.Systems.REDISSON_THROUGH;

import io.soilhub.scalability.bench.MarkdownPage;
import io.soilhub.scalability.bench.Stores;
import io.soilhub.scalability.bench.cache.CacheReport.Far;
import io.soilhub.scalability.bench.rest.RestHarness;
import io.soilhub.scalability.bench.rest.RestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Measures the cache beside its peers, system after system in every round, and writes
/// docs/benchmarks.md.
final class CacheBenchmark {

  private static final Set<Systems> BARE = Set.of(CAFFEINE, CAFFEINE_TIMED);

  private static final String BASE = "/api/v1/scalability";

  private final long begin = System.nanoTime();
  private final CachePlan plan;
  private final CacheReport report;

  private CacheBenchmark(CachePlan plan, Stores stores) {
    this.plan = plan;
    this.report = new CacheReport(plan, stores);
  }

  /// @param arguments `full` or `quick`, then the jar of JetCache's Jedis; the working directory is
  ///   bench/
  public static void main(String[] arguments) throws Exception {
    Logger.getLogger("").setLevel(Level.WARNING);
    CachePlan plan = CachePlan.named(arguments[0]);
    Path work = Files.createDirectories(Path.of("target", "cache")).toAbsolutePath();
    work = Files.createTempDirectory(work, "run");
    try (Stores stores = Stores.start(work)) {
      List<CacheProcess> processes = new ArrayList<>();
      try {
        for (Systems system : Systems.values()) {
          processes.add(CacheProcess.start(system, stores, work, Path.of(arguments[1])));
        }
        CacheBenchmark benchmark = new CacheBenchmark(plan, stores);
        benchmark.run(processes);
        // Kept before the service is started: what is measured is not lost with it.
        benchmark.publish(work);
        if (plan.overHttp()) {
          processes.forEach(CacheProcess::close);
          benchmark.overHttp(stores, work);
          benchmark.publish(work);
        }
        System.out.println(benchmark.report.markdown());
      } finally {
        processes.forEach(CacheProcess::close);
      }
    }
    System.exit(0);
  }

  private void publish(Path work) throws Exception {
    String text = report.markdown();
    Files.writeString(work.resolve("result.md"), text);
    if (plan.published()) {
      MarkdownPage.replace(Path.of("..", "docs", "benchmarks.md"), "cache", text);
    }
  }

  private void run(List<CacheProcess> processes) throws Exception {
    List<CacheProcess> distributed =
        processes.stream().filter(p -> !BARE.contains(p.system())).toList();
    for (int round = 0; round <= plan.rounds(); round++) {
      // The first one warms up.
      boolean counts = round > 0;
      hits(processes, counts);
      far(distributed, counts);
      visible(distributed, counts);
      stampedes(distributed, counts);
      if (counts) {
        tags(distributed.getFirst());
      }
      say("round %d%n%s", round, report);
    }
    races(distributed);
  }

  private void overHttp(Stores stores, Path work) throws Exception {
    try (RestServer server = RestServer.start(stores, work)) {
      server.call("POST", BASE + "/cache", "{\"key\":\"rest\",\"value\":{\"yield\":193.8}}");
      RestHarness harness = new RestHarness(server);
      for (int round = -2; round <= plan.rounds(); round++) {
        for (String path : List.of("/empty", "/cache/rest")) {
          RestHarness.Sample sample = harness.measure(BASE + path, CachePlan.HTTP_MILLIS);
          // The server needs longer than one round to be warm.
          if (round > 0) {
            report.http().add(path, sample);
          }
        }
      }
      if (!server.call("GET", BASE + "/cache/rest", "").contains("\"l1\"")) {
        throw new IllegalStateException("it was no hit of the first level");
      }
    }
  }

  private void hits(List<CacheProcess> processes, boolean counts) throws InterruptedException {
    for (CacheProcess process : processes) {
      HitHarness.Sample one = process.hit(1, plan.millis());
      HitHarness.Sample two = process.hit(2, plan.millis());
      if (counts) {
        report.hits().add(process.system(), one);
        report.hitsOfTwo().add(process.system(), two);
      }
    }
  }

  private void far(List<CacheProcess> processes, boolean counts) throws InterruptedException {
    for (int threads : List.of(1, CachePlan.FAR_THREADS)) {
      for (CacheProcess process : processes) {
        // Without a first level both of Redisson's ways are the same map.
        if (process.system() != REDISSON_THROUGH) {
          FarHarness.Sample sample = process.far(threads, plan.millis());
          if (counts) {
            report.far().add(new Far(process.system(), threads), sample);
          }
        }
      }
    }
  }

  private void visible(List<CacheProcess> processes, boolean counts) throws InterruptedException {
    for (CacheProcess process : processes) {
      VisibleHarness.Sample sample = process.visible(plan.writes());
      if (counts) {
        report.visible().add(process.system(), sample);
      }
    }
  }

  private void stampedes(List<CacheProcess> processes, boolean counts) throws InterruptedException {
    for (CacheProcess process : processes) {
      // Jedis has no source but Redis itself.
      if (process.system() != JEDIS) {
        double loads = process.stampede(CachePlan.STAMPEDE_THREADS, CachePlan.STAMPEDE_KEYS);
        if (counts) {
          report.stampedes().add(process.system(), loads);
        }
      }
    }
  }

  private void tags(CacheProcess ours) throws InterruptedException {
    for (Map.Entry<Integer, Integer> one : CachePlan.TAGS.entrySet()) {
      report.tags().add(one.getKey(), ours.tag(one.getKey(), one.getValue()));
    }
  }

  private void races(List<CacheProcess> processes) throws InterruptedException {
    for (int race = 0; race < plan.races(Systems.OURS); race++) {
      for (CacheProcess process : processes) {
        if (race < plan.races(process.system())) {
          int stale =
              process.race(CachePlan.RACE_KEYS, CachePlan.RACE_MILLIS, CachePlan.REST_MILLIS);
          report.races().add(process.system(), stale);
        }
      }
    }
    Thread.sleep(2000);
    for (CacheProcess process : processes) {
      report.stayed(process.system(), process.recheck());
    }
  }

  private void say(String format, Object... arguments) {
    System.err.printf("%4d s  ", (System.nanoTime() - begin) / 1_000_000_000);
    System.err.printf(format + "%n", arguments);
  }
}
