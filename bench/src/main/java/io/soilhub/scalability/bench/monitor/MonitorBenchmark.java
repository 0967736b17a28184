package io.soilhub.scalability.bench.monitor;

import io.soilhub.scalability.bench.MarkdownPage;
import io.soilhub.scalability.bench.Rounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/// Measures what the monitor costs and how true it is, beside Micrometer and HdrHistogram, and
/// writes docs/benchmarks.md.
public final class MonitorBenchmark {

  private MonitorBenchmark() {}

  /// @param arguments `full` or `quick`; the working directory is bench/
  public static void main(String[] arguments) throws Exception {
    Logger.getLogger("").setLevel(Level.WARNING);
    MonitorPlan plan = MonitorPlan.named(arguments[0]);
    Path work = Files.createDirectories(Path.of("target", "monitor")).toAbsolutePath();
    work = Files.createTempDirectory(work, "run");
    say("recordings");
    Rounds<Meter, Cost> costs = costs(plan);
    say("quantiles and memory");
    var truths = Stream.of(Shape.values()).map(Truth::of).toList();
    var retained =
        Stream.of(Shape.values())
            .flatMap(shape -> MonitorPlan.LOADS.stream().map(load -> Retained.of(shape, load)))
            .toList();
    say("from breach to notification");
    var delays = new NoticeDelay().measure(plan.breaches(), work.resolve("delay"));
    say("cost of the whole");
    var throughput = new MonitorCost(plan).measure(work.resolve("cost"));
    String text = new MonitorReport(plan, costs, truths, retained, delays, throughput).markdown();
    Files.writeString(work.resolve("result.md"), text);
    System.out.println(text);
    if (plan.published()) {
      MarkdownPage.replace(Path.of("..", "docs", "benchmarks.md"), "monitor", text);
    }
    System.exit(0);
  }

  /// Meters in turn in every round.
  private static Rounds<Meter, Cost> costs(MonitorPlan plan)
      throws IOException, InterruptedException {
    Rounds<Meter, Cost> costs = new Rounds<>();
    for (int round = 0; round < plan.rounds(); round++) {
      for (Meter meter : Meter.values()) {
        costs.add(meter, Cost.of(meter));
      }
    }
    return costs;
  }

  private static void say(String what) {
    System.err.println(what);
  }
}
