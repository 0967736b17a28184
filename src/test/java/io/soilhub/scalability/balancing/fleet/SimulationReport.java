package io.soilhub.scalability.balancing.fleet;

import io.soilhub.scalability.balancing.fleet.SimulatedFleet.Outcome;
import io.soilhub.scalability.balancing.fleet.SimulatedFleet.Scenario;
import io.soilhub.scalability.balancing.strategies.StrategyName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Writes the table of the simulation into docs/benchmarks.md.
@EnabledIfSystemProperty(
    named = "simulation.write",
    matches = ".*",
    disabledReason = "only writes a table; -Dsimulation.write runs it")
class SimulationReport {

  private static final Path PAGE = Path.of("docs/benchmarks.md");
  private static final String BEGIN = "<!-- balancing:begin -->\n";
  private static final String END = "<!-- balancing:end -->";
  private static final int SECONDS = 60;

  @Test
  void writesTheTable() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    Files.writeString(PAGE, page.substring(0, begin) + table() + page.substring(end));
  }

  private static String table() {
    StringBuilder table =
        new StringBuilder(
            """
            | strategy | even load 70 %: p50 / p99 / p99.9 ms | even load 50 %: p99 ms | one of ten 10x slower, 50 %: p99 ms | times | one fails in 1 ms: errors, no ejection | with ejection | share of a joining one: 0-5 s / 10-15 s / after 35 s |
            |---|---:|---:|---:|---:|---:|---:|---:|
            """);
    for (StrategyName strategy : StrategyName.values()) {
      table.append(row(strategy.text(), Policy.of(strategy)));
    }
    table.append(
        row("consistent_hash, bounded_load 1.25", with(StrategyName.CONSISTENT_HASH, 1.25, 0.5)));
    return table.toString();
  }

  private static Policy with(StrategyName strategy, double boundedLoad, double maxEjectedShare) {
    return new Policy(
        strategy,
        null,
        boundedLoad,
        null,
        null,
        null,
        null,
        null,
        maxEjectedShare,
        null,
        null,
        null,
        null,
        null);
  }

  private static String row(String name, Policy policy) {
    Policy patient = with(policy.strategy(), policy.boundedLoad(), 0);
    Outcome busy = SimulatedFleet.run(Scenario.even(0.7, SECONDS), patient, 1);
    Outcome even = SimulatedFleet.run(Scenario.even(0.5, SECONDS), patient, 1);
    Outcome slow = SimulatedFleet.run(Scenario.even(0.5, SECONDS).slow(10), patient, 1);
    Scenario failing = Scenario.even(0.5, SECONDS).withFailing();
    Outcome open = SimulatedFleet.run(failing, patient, 1);
    Outcome ejected = SimulatedFleet.run(failing, policy, 1);
    Outcome joining = SimulatedFleet.run(Scenario.even(0.5, SECONDS).joining(10), policy, 1);
    return String.format(
        Locale.ROOT,
        "| %s | %.1f / %.1f / %.1f | %.1f | %.1f | %.2f | %.2f %% | %.3f %% | %.1f / %.1f / %.1f %%"
            + " |%n",
        name,
        busy.percentile(0.5),
        busy.percentile(0.99),
        busy.percentile(0.999),
        even.percentile(0.99),
        slow.percentile(0.99),
        slow.percentile(0.99) / even.percentile(0.99),
        100 * open.errorShare(),
        100 * ejected.errorShare(),
        100 * joining.share(9, 10, 15),
        100 * joining.share(9, 20, 25),
        100 * joining.share(9, 45, SECONDS));
  }
}
