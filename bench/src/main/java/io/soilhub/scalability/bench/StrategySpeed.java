package io.soilhub.scalability.bench;

import io.soilhub.scalability.balancing.strategies.Candidates;
import io.soilhub.scalability.balancing.strategies.InstanceLoad;
import io.soilhub.scalability.balancing.strategies.SharedRandom;
import io.soilhub.scalability.balancing.strategies.Strategy;
import io.soilhub.scalability.balancing.strategies.StrategyName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.Statistics;

/// How long one choice takes on one thread, by JMH, on instances with some history. Keys differ
/// from choice to choice. Writes the table of docs/benchmarks.md.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StrategySpeed {

  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  /// Requests under way at every second instance: enough for consistent hashing to find it full.
  private static final int BUSY = 32;

  @Param public StrategyName strategy;

  @Param({"10 idle", "10", "10 of unequal weight", "200"})
  public String instances;

  private Candidates fleet;
  private Strategy chooser;
  private long key;
  private long now;

  /// @param arguments `quick` for one short fork of each, and the page to write, if any
  public static void main(String[] arguments) throws RunnerException, IOException {
    boolean quick = arguments.length > 0 && arguments[0].equals("quick");
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(StrategySpeed.class.getSimpleName() + ".choose")
                    .forks(quick ? 1 : 3)
                    .warmupIterations(quick ? 3 : 5)
                    .measurementIterations(5)
                    .warmupTime(TimeValue.milliseconds(300))
                    .measurementTime(TimeValue.milliseconds(300))
                    .build())
            .run();
    String table = table(results);
    System.out.println(table);
    if (arguments.length > 1) {
      MarkdownPage.replace(Path.of(arguments[1]), "choices", table);
    }
  }

  @Setup
  public void fill() {
    int size = Integer.parseInt(instances.split(" ")[0]);
    boolean idle = instances.endsWith("idle");
    List<InstanceLoad> loads =
        IntStream.range(0, size).mapToObj(i -> new InstanceLoad("instance-" + i)).toList();
    double[] weights = new double[size];
    double[] ones = new double[size];
    Arrays.fill(ones, 1);
    now = System.nanoTime();
    for (int i = 0; i < size; i++) {
      weights[i] = instances.endsWith("weight") ? 1 + i % 5 : 1;
      loads.get(i).observe(1_000_000L * (5 + i % 7), false, now);
      for (int active = idle || i % 2 == 0 ? 0 : BUSY; active > 0; active--) {
        loads.get(i).begin();
      }
    }
    fleet = new Candidates(loads, weights, ones);
    chooser = strategy.create(new SharedRandom(7), 1.25);
  }

  @Benchmark
  public int choose() {
    key += GOLDEN_GAMMA;
    now += 1_000;
    return chooser.choose(fleet, key, now);
  }

  private static String table(Collection<RunResult> results) {
    Map<String, List<String>> rows = new LinkedHashMap<>();
    List<String> head = new ArrayList<>(List.of("strategy, ns among"));
    for (RunResult result : results) {
      String strategy = result.getParams().getParam("strategy").toLowerCase(Locale.ROOT);
      String instances = result.getParams().getParam("instances");
      if (!head.contains(instances)) {
        head.add(instances);
      }
      Statistics rounds = result.getPrimaryResult().getStatistics();
      rows.computeIfAbsent(strategy, name -> new ArrayList<>(List.of(name)))
          .add(String.format(Locale.ROOT, "%.0f (%.0f)", rounds.getMean(), rounds.getMin()));
    }
    List<List<String>> all = new ArrayList<>(List.of(head));
    all.addAll(rows.values());
    return MarkdownPage.table(all);
  }
}
