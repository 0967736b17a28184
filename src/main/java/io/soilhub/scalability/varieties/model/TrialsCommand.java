package io.soilhub.scalability.varieties.model;

import io.soilhub.scalability.varieties.model.HeldOut.Method;
import io.soilhub.scalability.varieties.trials.DataSet;
import io.soilhub.scalability.varieties.trials.DataSetFolder;
import io.soilhub.scalability.varieties.trials.TableRejected;
import io.soilhub.scalability.varieties.trials.TrialTable;
import io.soilhub.scalability.varieties.trials.VarianceComponents;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// The command line of the trials: fits constants, validates data sets, writes the demonstration
/// set. Every number that the documentation states about a data set is printed by it.
public final class TrialsCommand {

  private static final String USAGE =
      """
      usage: validate <folder> [dataset] [--min-trials N] [--fit-until YEAR]
             refit    <folder> [dataset]
             demo     <folder>
      <folder> holds a datasets.json and the tables that it names. --fit-until fits the constants
      on the years up to YEAR and tests on those after it.\
      """;

  private static final int DEFAULT_MIN_TRIALS = 4;
  private static final int MIN_POOL = 3;
  private static final long BOOTSTRAP_SEED = 1;

  private final PrintStream out;

  TrialsCommand(PrintStream out) {
    this.out = out;
  }

  public static void main(String[] arguments) throws IOException {
    try {
      new TrialsCommand(System.out).run(new ArrayList<>(List.of(arguments)));
    } catch (TableRejected e) {
      System.err.println(e.getMessage());
      System.exit(1);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n" + USAGE);
      System.exit(2);
    }
  }

  void run(List<String> arguments) throws IOException {
    int minTrials = option(arguments, "--min-trials", DEFAULT_MIN_TRIALS);
    int fitUntil = option(arguments, "--fit-until", 0);
    if (arguments.size() < 2 || arguments.size() > 3) {
      throw new IllegalArgumentException("a command and a folder are needed");
    }
    Path folder = Path.of(arguments.get(1));
    String dataSet = arguments.size() == 3 ? arguments.get(2) : "";
    switch (arguments.getFirst()) {
      case "demo" -> Demonstration.write(folder);
      case "refit" -> load(folder, dataSet).forEach(this::refit);
      case "validate" -> load(folder, dataSet).forEach(data -> validate(data, minTrials, fitUntil));
      default -> throw new IllegalArgumentException("unknown command " + arguments.getFirst());
    }
  }

  private static int option(List<String> arguments, String name, int defaultValue) {
    int at = arguments.indexOf(name);
    if (at < 0) {
      return defaultValue;
    }
    if (at + 1 == arguments.size()) {
      throw new IllegalArgumentException(name + " needs a number");
    }
    arguments.remove(at);
    return Integer.parseInt(arguments.remove(at));
  }

  private static List<DataSet> load(Path folder, String dataSet) {
    List<DataSet> sets =
        DataSetFolder.of(folder).entries().stream()
            .filter(entry -> dataSet.isEmpty() || entry.id().equals(dataSet))
            .map(entry -> entry.load(Reml::fit))
            .toList();
    if (sets.isEmpty()) {
      throw new IllegalArgumentException("the folder has no data set " + dataSet);
    }
    return sets;
  }

  private void print(String format, Object... arguments) {
    out.println(String.format(Locale.ROOT, format, arguments));
  }

  private void refit(DataSet data) {
    print("%s", data.id());
    print("  used now  %s", shown(data.constants()));
    print("  refitted  %s", shown(Reml.fit(data.table())));
  }

  private static String shown(VarianceComponents c) {
    return String.format(
        Locale.ROOT,
        "vg %.4g  vl %.4g  vy %.4g  ve %.4g  length_km %.4g",
        c.vg(),
        c.vl(),
        c.vy(),
        c.ve(),
        c.lengthKm());
  }

  private void validate(DataSet data, int minTrials, int fitUntil) {
    TrialTable table = data.table();
    print("%n%s (%s, %d rows)", data.id(), data.unit().symbol(), table.rows());
    VarianceComponents varianceComponents = data.constants();
    if (fitUntil > 0) {
      varianceComponents = Reml.fit(table.filter(row -> table.environment(row).year() <= fitUntil));
      print("constants fitted up to %d: %s", fitUntil, shown(varianceComponents));
    } else {
      print("constants: %s", shown(varianceComponents));
      HoldOutSplitter gaps = new HoldOutSplitter(table, varianceComponents, 1, MIN_POOL);
      report("A. one environment left out", new Validation(gaps.leaveOneOut()));
    }
    List<HeldOut> forward =
        new HoldOutSplitter(table, varianceComponents, minTrials, MIN_POOL).forward();
    List<HeldOut> tested = forward.stream().filter(one -> one.year() > fitUntil).toList();
    Validation validation = new Validation(tested);
    report("B. forward, varieties with %d site-years before".formatted(minTrials), validation);
    if (!tested.isEmpty()) {
      intervals(validation);
      calibration(validation.calibration());
    }
  }

  private void report(String title, Validation validation) {
    if (validation.held().isEmpty()) {
      print("%s: no environment has enough known varieties", title);
      return;
    }
    print(
        "%s: %d environments, pool %.1f, oracle gain %.1f %%",
        title, validation.held().size(), validation.meanPool(), validation.oracleGain());
    for (Method method : Method.values()) {
      Validation.Score score = validation.score(method);
      print(
          "  %-13s gain %5.2f %%  rank correlation %5.2f  regret %5.1f %%",
          method.label(), score.gain(), score.rankCorrelation(), score.regret());
    }
    print(
        "  kernel BLUP gains %.2f in the unit; its 90 %% interval held %.3f of the yields",
        validation.gainInUnit(), validation.coverage());
  }

  private void intervals(Validation validation) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(BOOTSTRAP_SEED);
    for (Method method : List.of(Method.PLAIN_MEAN, Method.DEVIATION, Method.BLUP, Method.KERNEL)) {
      Validation.Interval gain = validation.gainInterval(method, random);
      print(
          "  %-13s gain %.2f [%.1f, %.1f] over years",
          method.label(), gain.mean(), gain.low(), gain.high());
    }
    for (Method method : List.of(Method.PLAIN_MEAN, Method.DEVIATION, Method.BLUP)) {
      Validation.Interval lead = validation.leadOver(method, random);
      print(
          "  kernel BLUP - %s %.2f [%.1f, %.1f]",
          method.label(), lead.mean(), lead.low(), lead.high());
    }
  }

  private void calibration(Validation.Calibration calibration) {
    StringBuilder line = new StringBuilder();
    for (Validation.Bin bin : calibration.bins()) {
      line.append(
          String.format(
              Locale.ROOT, " %.2f->%.2f (%d)", bin.stated(), bin.cameTrue(), bin.pairs()));
    }
    print("C. chance to win, stated->came true (pairs):%s", line);
    print(
        "  %d pairs, favourite won %.3f, Brier %.4f (a coin: 0.25)",
        calibration.pairs(), calibration.accuracy(), calibration.brier());
  }
}
