package io.soilhub.scalability.bench;

import io.soilhub.scalability.bench.Throughput.Case;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/// Measures the job engine beside its peers, round by round, and writes docs/benchmarks.md.
final class JobsBenchmark {

  static final String OURS = "Soil Hub Scalability";
  static final String BULLMQ = "BullMQ";
  static final String JOBRUNR = "JobRunr";

  private static final int SLOTS = 16;
  private static final List<Integer> JOBRUNR_WORKERS = List.of(16, 64, 160);

  private final long begin = System.nanoTime();
  private final Plan plan;
  private final Stores stores;
  private final Path logs;
  private final Throughput throughput;
  private final Latency latency;

  private JobsBenchmark(Plan plan, Stores stores, Path logs) {
    this.plan = plan;
    this.stores = stores;
    this.logs = logs;
    this.throughput = new Throughput(stores);
    this.latency = new Latency(stores);
  }

  /// @param arguments `full` or `quick`; the working directory is bench/
  public static void main(String[] arguments) throws Exception {
    Logger.getLogger("").setLevel(Level.WARNING);
    Plan plan = Plan.named(arguments[0]);
    Path work = Path.of("target", "jobs").toAbsolutePath();
    delete(work);
    Files.createDirectories(work);
    try (Stores stores = Stores.start(work)) {
      String text = new JobsBenchmark(plan, stores, work).run();
      System.out.println(text);
      Files.writeString(work.resolve("result.md"), text);
      if (plan.published()) {
        MarkdownPage.replace(Path.of("..", "docs", "benchmarks.md"), "jobs", text);
      }
    }
    System.exit(0);
  }

  private String run() throws Exception {
    JobsReport report = new JobsReport(plan, stores);
    try (SubjectProcess ours = ours();
        SubjectProcess bullmq = bullmq();
        SubjectProcess jobRunr = jobRunr()) {
      say("warming up");
      Case sought = new Case(JOBRUNR, jobRunr, 0, true, plan.jobRunrJobs());
      int workers = throughput.tuned(sought, JOBRUNR_WORKERS);
      List<Case> cases = cases(ours, bullmq, jobRunr, workers);
      for (Case one : cases) {
        throughput.measure(one);
      }
      for (int round = 1; round <= plan.rounds(); round++) {
        for (Case one : cases) {
          report.throughput().add(one, throughput.measure(one));
          say("round %d, %s: %s".formatted(round, one, report.throughput().of(one).getLast()));
        }
      }
      latencies(report, ours, bullmq);
    }
    recoveries(report);
    return report.markdown();
  }

  private List<Case> cases(
      SubjectProcess ours, SubjectProcess bullmq, SubjectProcess jobRunr, int jobRunrWorkers) {
    List<Case> cases = new ArrayList<>();
    for (int slots : List.of(SLOTS, 1)) {
      for (boolean bulk : List.of(true, false)) {
        cases.add(new Case(OURS, ours, slots, bulk, plan.jobs()));
        cases.add(new Case(BULLMQ, bullmq, slots, bulk, plan.jobs()));
      }
    }
    for (boolean bulk : List.of(true, false)) {
      cases.add(new Case(JOBRUNR, jobRunr, jobRunrWorkers, bulk, plan.jobRunrJobs()));
    }
    return cases;
  }

  private void latencies(JobsReport report, SubjectProcess ours, SubjectProcess bullmq)
      throws Exception {
    int rate = (int) (report.peak(OURS, SLOTS) / 3);
    report.pacedAt(rate);
    for (int round = 1; round <= plan.rounds(); round++) {
      report.latency().add(OURS, latency.measure(ours, SLOTS, rate, plan.pace()));
      report.latency().add(BULLMQ, latency.measure(bullmq, SLOTS, rate, plan.pace()));
      say("round %d, latency at %d/s: %s".formatted(round, rate, report.latency()));
    }
  }

  /// All systems at once: they mostly wait, and each waits for clocks of its own.
  private void recoveries(JobsReport report) throws Exception {
    Map<String, Callable<SubjectProcess>> systems = new LinkedHashMap<>();
    systems.put(OURS, this::ours);
    if (plan.recoveryOfPeers()) {
      systems.put(BULLMQ, this::bullmq);
      systems.put(JOBRUNR, this::jobRunr);
    }
    for (int round = 1; round <= plan.recoveryRounds(); round++) {
      try (ExecutorService threads = Executors.newFixedThreadPool(systems.size())) {
        Map<String, Future<Recovery.Sample>> samples = new LinkedHashMap<>();
        systems.forEach(
            (name, start) -> samples.put(name, threads.submit(new Recovery(start)::measure)));
        for (Map.Entry<String, Future<Recovery.Sample>> one : samples.entrySet()) {
          report.recovery().add(one.getKey(), one.getValue().get());
        }
      }
      say("round %d, recovery: %s".formatted(round, report.recovery()));
    }
  }

  private SubjectProcess ours() throws Exception {
    return SubjectProcess.java("ours", stores, logs);
  }

  private SubjectProcess jobRunr() throws Exception {
    return SubjectProcess.java("jobrunr", stores, logs);
  }

  private SubjectProcess bullmq() throws Exception {
    return SubjectProcess.bullmq(stores, logs);
  }

  private void say(String what) {
    System.err.printf("%4d s  %s%n", (System.nanoTime() - begin) / 1_000_000_000, what);
  }

  private static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
