package io.soilhub.scalability.bench.cache;

import static io.soilhub.scalability.bench.cache.CacheReport.fraction;
import static io.soilhub.scalability.bench.cache.CacheReport.millis;
import static io.soilhub.scalability.bench.cache.Systems.CAFFEINE;
import static io.soilhub.scalability.bench.cache.Systems.CAFFEINE_TIMED;
import static io.soilhub.scalability.bench.cache.Systems.JEDIS;
import static io.soilhub.scalability.bench.cache.Systems.JETCACHE;
import static io.soilhub.scalability.bench.cache.Systems.OURS;
import static io.soilhub.scalability.bench.cache.Systems.REDISSON_ASIDE;

import io.soilhub.scalability.bench.MarkdownPage;
import io.soilhub.scalability.bench.cache.CacheReport.Far;
import io.soilhub.scalability.bench.rest.RestHarness;
import java.util.ArrayList;
import java.util.List;

/// What was wanted, beside what was measured.
final class CacheGoals {

  private CacheGoals() {}

  static String of(CacheReport report) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("Goal", "wanted", "measured"));
    for (Systems floor : List.of(CAFFEINE, CAFFEINE_TIMED)) {
      rows.add(
          row(
              "hit in the process, time over that of " + floor.label(),
              "at most 2",
              nanos(report, OURS) / nanos(report, floor)));
    }
    rows.add(
        row(
            "hit in the process, bytes left on the heap",
            "0",
            report.hits().median(OURS, HitHarness.Sample::bytes)));
    for (Systems peer : List.of(JETCACHE, REDISSON_ASIDE)) {
      rows.add(
          row(
              "hit in the process, times as fast as " + peer.label(),
              "above 1",
              nanos(report, peer) / nanos(report, OURS)));
    }
    Far one = new Far(OURS, 1);
    Far many = new Far(OURS, CachePlan.FAR_THREADS);
    rows.add(
        row(
            "hit in Redis, p50 over that of a bare GET",
            "at most 1.3",
            report.far().median(one, FarHarness.Sample::p50)
                / report.far().median(new Far(JEDIS, 1), FarHarness.Sample::p50)));
    rows.add(
        row(
            "hits in Redis of 32 threads, times those of bare GETs",
            "at least 1.5",
            report.far().median(many, FarHarness.Sample::perSecond)
                / report
                    .far()
                    .median(new Far(JEDIS, CachePlan.FAR_THREADS), FarHarness.Sample::perSecond)));
    rows.add(
        List.of(
            "from an invalidation to its effect elsewhere, p99, ms",
            "below 20",
            millis(report.visible().median(OURS, VisibleHarness.Sample::p99))));
    rows.add(
        List.of(
            "invalidation of 100,000 entries by their tag, ms",
            "below 5",
            millis(report.tags().median(100_000, micros -> micros))));
    rows.add(
        List.of(
            "keys left stale by a race",
            "0",
            "" + report.races().of(OURS).stream().mapToInt(n -> n).sum()));
    if (!report.http().keys().isEmpty()) {
      rows.add(
          row(
              "REST, hit in the process over an empty endpoint",
              "at least 0.8",
              report.http().median("/cache/rest", RestHarness.Sample::perSecond)
                  / report.http().median("/empty", RestHarness.Sample::perSecond)));
    }
    return MarkdownPage.table(rows);
  }

  private static double nanos(CacheReport report, Systems system) {
    return report.hits().median(system, HitHarness.Sample::nanos);
  }

  private static List<String> row(String goal, String wanted, double measured) {
    return List.of(goal, wanted, fraction(measured));
  }
}
