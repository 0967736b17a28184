package io.soilhub.scalability.bench;

import static io.soilhub.scalability.bench.JobsBenchmark.BULLMQ;
import static io.soilhub.scalability.bench.JobsBenchmark.JOBRUNR;
import static io.soilhub.scalability.bench.JobsBenchmark.OURS;

import io.soilhub.scalability.bench.Throughput.Case;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Collects what the job benchmark measures and writes it down with the conditions.
final class JobsReport {

  private final Plan plan;
  private final Stores stores;
  private final Rounds<Case, Throughput.Sample> throughput = new Rounds<>();
  private final Rounds<String, Latency.Sample> latency = new Rounds<>();
  private final Rounds<String, Recovery.Sample> recovery = new Rounds<>();
  private int rate;

  JobsReport(Plan plan, Stores stores) {
    this.plan = plan;
    this.stores = stores;
  }

  Rounds<Case, Throughput.Sample> throughput() {
    return throughput;
  }

  Rounds<String, Latency.Sample> latency() {
    return latency;
  }

  Rounds<String, Recovery.Sample> recovery() {
    return recovery;
  }

  void pacedAt(int rate) {
    this.rate = rate;
  }

  /// Median jobs a second of a system, submitted one by one and processed.
  double peak(String system, int slots) {
    return throughput.keys().stream()
        .filter(one -> one.system().equals(system) && one.slots() == slots && !one.bulk())
        .mapToDouble(this::both)
        .findFirst()
        .orElseThrow();
  }

  String markdown() throws SQLException {
    return String.join(
        "\n", conditions(), goals(), throughputTable(), latencyTable(), recoveryTable());
  }

  private String conditions() throws SQLException {
    return """
    Measured on %s, %d cores shared by everything, %s %s, JDK %s, Node.js %s; \
    PostgreSQL %s with fsync, synchronous_commit and full_page_writes on; \
    Redis %s with appendonly yes, appendfsync everysec, noeviction; \
    median of %d rounds, systems in turn in each round, after one round of warm-up.
    """
        .formatted(
            java.time.LocalDate.now(java.time.ZoneOffset.UTC),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.name"),
            System.getProperty("os.arch"),
            Runtime.version().feature(),
            Versions.node(),
            stores.postgresVersion(),
            stores.redisVersion(),
            plan.rounds());
  }

  private String goals() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("Goal", "wanted", "measured"));
    for (Case ours : throughput.keys()) {
      throughput.keys().stream()
          .filter(peer -> comparable(ours, peer))
          .forEach(peer -> rows.add(ratio(ours, peer)));
    }
    double p99 = latency.median(OURS, Latency.Sample::p99);
    rows.add(List.of("submission to start, p99, ms", "below 50", fraction(p99)));
    double seconds = recovery.most(OURS, Recovery.Sample::seconds);
    rows.add(List.of("recovery after kill -9, worst, s", "below 15", fraction(seconds)));
    return MarkdownPage.table(rows);
  }

  private static boolean comparable(Case ours, Case peer) {
    return ours.system().equals(OURS)
        && ours.bulk() == peer.bulk()
        && switch (peer.system()) {
          case BULLMQ -> peer.slots() == ours.slots();
          case JOBRUNR -> ours.slots() > 1;
          default -> false;
        };
  }

  private List<String> ratio(Case ours, Case peer) {
    String what =
        "jobs/s over those of %s, submitted %s, our slots %d"
            .formatted(peer.system(), submission(ours), ours.slots());
    String wanted = peer.system().equals(JOBRUNR) ? "at least 5" : "at least 1";
    return List.of(what, wanted, fraction(both(ours) / both(peer)));
  }

  private double both(Case one) {
    return throughput.median(one, Throughput.Sample::both);
  }

  private static String submission(Case one) {
    return one.bulk() ? "1,000 a call" : "1 a call by 16 callers";
  }

  private String throughputTable() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "System",
            "slots",
            "submitted",
            "submit/s",
            "process/s",
            "both, jobs/s",
            "least to most",
            "CPU s per 1,000: worker",
            "PostgreSQL",
            "Redis",
            "each run once"));
    for (Case one : throughput.keys()) {
      rows.add(
          List.of(
              name(one.system()),
              "" + one.slots(),
              submission(one),
              whole(throughput.median(one, Throughput.Sample::submit)),
              whole(throughput.median(one, Throughput.Sample::process)),
              "**" + whole(both(one)) + "**",
              whole(throughput.least(one, Throughput.Sample::both))
                  + " to "
                  + whole(throughput.most(one, Throughput.Sample::both)),
              fraction(throughput.median(one, Throughput.Sample::cpuClient)),
              fraction(throughput.median(one, Throughput.Sample::cpuPostgres)),
              fraction(throughput.median(one, Throughput.Sample::cpuRedis)),
              throughput.of(one).stream().allMatch(Throughput.Sample::exact) ? "yes" : "NO"));
    }
    return "### Submit and process no-op jobs of 200 bytes\n\n" + MarkdownPage.table(rows);
  }

  private String latencyTable() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("System", "p50 ms", "p99 ms", "p99.9 ms", "max ms", "p99 least to most"));
    for (String system : latency.keys()) {
      rows.add(
          List.of(
              name(system),
              fraction(latency.median(system, Latency.Sample::p50)),
              fraction(latency.median(system, Latency.Sample::p99)),
              fraction(latency.median(system, Latency.Sample::p999)),
              fraction(latency.median(system, Latency.Sample::max)),
              fraction(latency.least(system, Latency.Sample::p99))
                  + " to "
                  + fraction(latency.most(system, Latency.Sample::p99))));
    }
    return "### From submission to start, at %s jobs/s, 16 slots\n\n".formatted(whole(rate))
        + MarkdownPage.table(rows);
  }

  private String recoveryTable() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "System", "recovery s", "least to most", "run again", "effects twice", "jobs lost"));
    for (String system : recovery.keys()) {
      rows.add(
          List.of(
              name(system),
              fraction(recovery.median(system, Recovery.Sample::seconds)),
              fraction(recovery.least(system, Recovery.Sample::seconds))
                  + " to "
                  + fraction(recovery.most(system, Recovery.Sample::seconds)),
              whole(sum(system, Recovery.Sample::held)),
              whole(sum(system, Recovery.Sample::twice)),
              whole(sum(system, Recovery.Sample::lost))));
    }
    return "### kill -9 of a worker, %d times\n\n".formatted(plan.recoveryRounds())
        + MarkdownPage.table(rows);
  }

  private double sum(String system, java.util.function.ToIntFunction<Recovery.Sample> value) {
    return recovery.of(system).stream().mapToInt(value).sum();
  }

  private static String name(String system) {
    return switch (system) {
      case BULLMQ -> "BullMQ " + Versions.bullmq();
      case JOBRUNR -> "JobRunr " + Versions.jobRunr();
      default -> system;
    };
  }

  private static String whole(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  private static String fraction(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
  }
}
