package io.soilhub.scalability.bench.cache;

import static io.soilhub.scalability.bench.cache.Systems.CAFFEINE;
import static io.soilhub.scalability.bench.cache.Systems.JEDIS;

import io.soilhub.scalability.bench.MarkdownPage;
import io.soilhub.scalability.bench.Rounds;
import io.soilhub.scalability.bench.Stores;
import io.soilhub.scalability.bench.rest.RestHarness;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Collects what the cache benchmark measures and writes it down with the conditions.
final class CacheReport {

  record Far(Systems system, int threads) {}

  private final CachePlan plan;
  private final Stores stores;
  private final Rounds<Systems, HitHarness.Sample> hits = new Rounds<>();
  private final Rounds<Systems, HitHarness.Sample> hitsOfTwo = new Rounds<>();
  private final Rounds<Far, FarHarness.Sample> far = new Rounds<>();
  private final Rounds<Systems, VisibleHarness.Sample> visible = new Rounds<>();
  private final Rounds<Systems, Double> stampedes = new Rounds<>();
  private final Rounds<Integer, Double> tags = new Rounds<>();
  private final Rounds<String, RestHarness.Sample> http = new Rounds<>();
  private final Rounds<Systems, Integer> races = new Rounds<>();
  private final Map<Systems, Integer> stayed = new EnumMap<>(Systems.class);

  CacheReport(CachePlan plan, Stores stores) {
    this.plan = plan;
    this.stores = stores;
  }

  Rounds<Systems, HitHarness.Sample> hits() {
    return hits;
  }

  Rounds<Systems, HitHarness.Sample> hitsOfTwo() {
    return hitsOfTwo;
  }

  Rounds<Far, FarHarness.Sample> far() {
    return far;
  }

  Rounds<Systems, VisibleHarness.Sample> visible() {
    return visible;
  }

  Rounds<Systems, Double> stampedes() {
    return stampedes;
  }

  /// Microseconds, by entries that carry the tag.
  Rounds<Integer, Double> tags() {
    return tags;
  }

  /// By path.
  Rounds<String, RestHarness.Sample> http() {
    return http;
  }

  /// Stale keys of each race.
  Rounds<Systems, Integer> races() {
    return races;
  }

  /// @param keys that were stale in a race and still are at the end
  void stayed(Systems system, int keys) {
    stayed.put(system, keys);
  }

  String markdown() throws SQLException {
    String tables =
        String.join(
            "\n",
            conditions(),
            "### What was wanted, and what came of it\n\n" + CacheGoals.of(this),
            hitTable(),
            farTable(),
            visibleTable(),
            tagTable(),
            stampedeTable(),
            raceTable());
    return http.keys().isEmpty() ? tables : tables + "\n" + httpTable();
  }

  private String conditions() throws SQLException {
    return """
    Measured on %s, %d cores shared by everything, %s %s, JDK %s, a JVM a system; \
    PostgreSQL %s; Redis %s on loopback with appendonly yes, appendfsync everysec, noeviction; \
    %s; median of %d rounds, systems in turn in each round, after one round of warm-up.
    """
        .formatted(
            java.time.LocalDate.now(java.time.ZoneOffset.UTC),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.name"),
            System.getProperty("os.arch"),
            Runtime.version().feature(),
            stores.postgresVersion(),
            stores.redisVersion(),
            Systems.versions(),
            plan.rounds());
  }

  private String hitTable() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "System",
            "ns a read",
            "least to most",
            "over bare Caffeine",
            "bytes a read",
            "reads/s of two threads"));
    for (Systems system : hits.keys()) {
      double nanos = hits.median(system, HitHarness.Sample::nanos);
      rows.add(
          List.of(
              system.label(),
              fraction(nanos),
              fraction(hits.least(system, HitHarness.Sample::nanos))
                  + " to "
                  + fraction(hits.most(system, HitHarness.Sample::nanos)),
              fraction(nanos / hits.median(CAFFEINE, HitHarness.Sample::nanos)),
              fraction(hits.median(system, HitHarness.Sample::bytes)),
              whole(hitsOfTwo.median(system, HitHarness.Sample::perSecond))));
    }
    return "### A hit in the process, 1,024 keys, one thread\n\n" + MarkdownPage.table(rows);
  }

  private String farTable() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "System",
            "threads",
            "p50 µs",
            "p99 µs",
            "reads/s",
            "least to most",
            "reads/s over bare GET"));
    for (Far one : far.keys()) {
      double perSecond = far.median(one, FarHarness.Sample::perSecond);
      double bare = far.median(new Far(JEDIS, one.threads()), FarHarness.Sample::perSecond);
      rows.add(
          List.of(
              one.system() == JEDIS ? "Jedis, bare GET" : one.system().label(),
              "" + one.threads(),
              fraction(far.median(one, FarHarness.Sample::p50)),
              fraction(far.median(one, FarHarness.Sample::p99)),
              whole(perSecond),
              whole(far.least(one, FarHarness.Sample::perSecond))
                  + " to "
                  + whole(far.most(one, FarHarness.Sample::perSecond)),
              fraction(perSecond / bare)));
    }
    return "### A hit in Redis, values of 500 bytes, first level off\n\n"
        + MarkdownPage.table(rows);
  }

  private String visibleTable() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "System",
            "p50 ms",
            "p99 ms",
            "p99 least to most",
            "the call, p50 ms",
            "not within 500 ms"));
    for (Systems system : visible.keys()) {
      rows.add(
          List.of(
              system.label(),
              millis(visible.median(system, VisibleHarness.Sample::p50)),
              millis(visible.median(system, VisibleHarness.Sample::p99)),
              millis(visible.least(system, VisibleHarness.Sample::p99))
                  + " to "
                  + millis(visible.most(system, VisibleHarness.Sample::p99)),
              millis(visible.median(system, VisibleHarness.Sample::callP50)),
              visible.of(system).stream().mapToInt(VisibleHarness.Sample::never).sum()
                  + " of "
                  + plan.rounds() * plan.writes()));
    }
    return "### From a write on one replica to its read on another that held the old value\n\n"
        + MarkdownPage.table(rows);
  }

  private String stampedeTable() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("System", "loads a key", "least to most"));
    for (Systems system : stampedes.keys()) {
      rows.add(
          List.of(
              system.label(),
              fraction(stampedes.median(system, l -> l)),
              fraction(stampedes.least(system, l -> l))
                  + " to "
                  + fraction(stampedes.most(system, l -> l))));
    }
    return "### Loads of a key that %d threads on each of two replicas ask for at once\n\n"
            .formatted(CachePlan.STAMPEDE_THREADS)
        + MarkdownPage.table(rows);
  }

  private String raceTable() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("System", "keys", "stale at rest", "stale at the end of all"));
    for (Systems system : races.keys()) {
      rows.add(
          List.of(
              system.label(),
              whole(races.of(system).size() * CachePlan.RACE_KEYS),
              whole(races.of(system).stream().mapToInt(n -> n).sum()),
              whole(stayed.get(system))));
    }
    return "### Keys left stale by a race of readers and writers on two replicas, loads of 1 ms\n\n"
        + MarkdownPage.table(rows);
  }

  private String tagTable() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("Entries that carry the tag", "p50 ms", "least to most"));
    for (int entries : tags.keys()) {
      rows.add(
          List.of(
              whole(entries),
              millis(tags.median(entries, micros -> micros)),
              millis(tags.least(entries, micros -> micros))
                  + " to "
                  + millis(tags.most(entries, micros -> micros))));
    }
    return "### Invalidation of a tag, until both replicas have confirmed it\n\n"
        + MarkdownPage.table(rows);
  }

  private String httpTable() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("GET", "answers/s", "least to most", "processor µs of the server, an answer"));
    for (String path : http.keys()) {
      rows.add(
          List.of(
              "`" + path + "`",
              whole(http.median(path, RestHarness.Sample::perSecond)),
              whole(http.least(path, RestHarness.Sample::perSecond))
                  + " to "
                  + whole(http.most(path, RestHarness.Sample::perSecond)),
              fraction(http.median(path, RestHarness.Sample::cpuMicros))));
    }
    return "### The REST API: a hit in the process beside an empty endpoint\n\n"
        + MarkdownPage.table(rows);
  }

  @Override
  public String toString() {
    return "hits %s%nfar %s%nvisible %s%nstampedes %s%ntags %s"
        .formatted(hits, far, visible, stampedes, tags);
  }

  static String whole(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  static String fraction(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
  }

  static String millis(double micros) {
    return fraction(micros / 1000);
  }
}
