package io.soilhub.scalability.varieties.recommendation;

import io.soilhub.scalability.varieties.model.Normal;
import io.soilhub.scalability.varieties.model.Prediction;
import io.soilhub.scalability.varieties.model.Reml;
import io.soilhub.scalability.varieties.trials.DataSet;
import io.soilhub.scalability.varieties.trials.DataSetFolder;
import io.soilhub.scalability.varieties.trials.Environment;
import io.soilhub.scalability.varieties.trials.GeoPoint;
import io.soilhub.scalability.varieties.trials.Observation;
import io.soilhub.scalability.varieties.trials.TrialTable;
import io.soilhub.scalability.varieties.trials.Variety;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Checks the ranges of expected yield that a recommendation shows: predicts each year from the
/// years before it, and counts the yields that fell into their 80 % range.
public final class RangeCommand {

  private static final int YEARS_TO_LEARN = 3;
  private static final int LEAST_SITE_YEARS = 4;

  private final PrintStream out;
  private int yields;
  private int within;
  private int below;
  private double width;

  private RangeCommand(PrintStream out) {
    this.out = out;
  }

  public static void main(String[] arguments) {
    if (arguments.length != 1) {
      System.err.println("usage: <folder with a datasets.json>");
      System.exit(2);
    }
    for (DataSetFolder.DataSetSource entry : DataSetFolder.of(Path.of(arguments[0])).entries()) {
      new RangeCommand(System.out).check(entry.load(Reml::fit));
    }
  }

  private void check(DataSet data) {
    TrialTable table = data.table();
    for (int year = table.firstYear() + YEARS_TO_LEARN; year <= table.lastYear(); year++) {
      before(data, year).ifPresent(past -> check(table, past));
    }
    if (yields == 0) {
      out.println(data.id() + ": too few years or no places");
      return;
    }
    out.println(
        String.format(
            Locale.ROOT,
            "%s: %d yields, %.3f in their 80 %% range, %.3f below its centre, mean width %.1f %s",
            data.id(),
            yields,
            (double) within / yields,
            (double) below / yields,
            width / yields,
            data.unit().symbol()));
  }

  /// What was known before a year; the year itself is one after the newest that is in it.
  private static Optional<FittedDataSet> before(DataSet data, int year) {
    TrialTable table = data.table();
    List<Observation> rows = new ArrayList<>();
    for (int v = 0; v < table.varieties().size(); v++) {
      for (int row = table.start(v); row < table.end(v); row++) {
        Environment environment = table.environment(row);
        if (environment.year() < year) {
          String location = table.sites().get(environment.site()).location();
          String id = table.varieties().get(v).id();
          rows.add(new Observation(id, location, environment.year(), table.yield(row)));
        }
      }
    }
    boolean gap = rows.stream().noneMatch(row -> row.year() == year - 1);
    if (gap) {
      return Optional.empty();
    }
    return Optional.of(
        FittedDataSet.of(
            new DataSet(
                data.id(),
                data.cropId(),
                data.name(),
                data.source(),
                data.licence(),
                data.synthetic(),
                data.unit(),
                data.constants(),
                data.constantsFitted(),
                data.sha256(),
                TrialTable.of(table.varieties(), table.sites(), rows))));
  }

  private void check(TrialTable table, FittedDataSet past) {
    int year = past.table().lastYear() + 1;
    Map<String, Integer> known = new HashMap<>();
    List<Variety> varieties = past.table().varieties();
    for (int v = 0; v < varieties.size(); v++) {
      if (past.table().siteYears(v) >= LEAST_SITE_YEARS) {
        known.put(varieties.get(v).id(), v);
      }
    }
    for (int site = 0; site < table.sites().size(); site++) {
      Optional<GeoPoint> place = table.sites().get(site).place();
      if (place.isPresent()) {
        check(table, new Environment(site, year), past, place.get(), known);
      }
    }
  }

  private void check(
      TrialTable table,
      Environment environment,
      FittedDataSet past,
      GeoPoint place,
      Map<String, Integer> known) {
    LocalYield level = LocalYield.of(past, past.distances(place), true);
    List<Prediction> predictions = past.model().predictAt(place);
    for (int v = 0; v < table.varieties().size(); v++) {
      Integer before = known.get(table.varieties().get(v).id());
      for (int row = table.start(v); row < table.end(v) && before != null; row++) {
        if (table.environment(row).equals(environment)) {
          count(table.yield(row), past, level, predictions.get(before));
        }
      }
    }
  }

  private void count(double yield, FittedDataSet past, LocalYield level, Prediction prediction) {
    double half = Normal.CENTRAL_80 * level.sd(prediction, past.model().futureTrialVariance());
    double error = yield - level.value() - prediction.advantage();
    yields++;
    within += Math.abs(error) <= half ? 1 : 0;
    below += error < 0 ? 1 : 0;
    width += 2 * half;
  }
}
