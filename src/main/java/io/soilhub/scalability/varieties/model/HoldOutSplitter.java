package io.soilhub.scalability.varieties.model;

import io.soilhub.scalability.varieties.model.HeldOut.Method;
import io.soilhub.scalability.varieties.trials.Environment;
import io.soilhub.scalability.varieties.trials.TrialTable;
import io.soilhub.scalability.varieties.trials.VarianceComponents;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/// Holds environments of a table out and predicts them from the rest.
///
/// @param minTrials site-years that a variety needs among the rest to be in the pool
/// @param minPool varieties that an environment needs in its pool to count
record HoldOutSplitter(TrialTable table, VarianceComponents constants, int minTrials, int minPool) {

  /// Each environment from all others, those of its own year included: how well the model fills
  /// gaps.
  List<HeldOut> leaveOneOut() {
    List<HeldOut> held = new ArrayList<>();
    for (int e = 0; e < table.environments().size(); e++) {
      int out = e;
      TrialTable rest = table.filter(row -> table.environmentIndex(row) != out);
      Environment environment = table.environments().get(e);
      TrialModel model = TrialModel.of(rest, constants);
      PredictionTarget target = model.targetAt(environment);
      heldOut(e, model, target, constants.ve()).ifPresent(held::add);
    }
    return held;
  }

  /// Each environment from the years before its own: the real use.
  List<HeldOut> forward() {
    List<HeldOut> held = new ArrayList<>();
    for (int year = table.firstYear() + 1; year <= table.lastYear(); year++) {
      held.addAll(forward(year));
    }
    return held;
  }

  List<HeldOut> forward(int year) {
    List<HeldOut> held = new ArrayList<>();
    TrialTable before = table.filter(row -> table.environment(row).year() < year);
    if (before.rows() == 0) {
      return held;
    }
    TrialModel model = TrialModel.of(before, constants);
    for (int e = 0; e < table.environments().size(); e++) {
      Environment environment = table.environments().get(e);
      if (environment.year() == year) {
        PredictionTarget target = model.futureAt(environment.site());
        heldOut(e, model, target, model.futureTrialVariance()).ifPresent(held::add);
      }
    }
    return held;
  }

  private Optional<HeldOut> heldOut(
      int environment, TrialModel model, PredictionTarget target, double trialVariance) {
    List<Integer> pool = new ArrayList<>();
    List<Double> observed = new ArrayList<>();
    for (int v = 0; v < table.varieties().size(); v++) {
      for (int row = table.start(v); row < table.end(v); row++) {
        if (table.environmentIndex(row) == environment && model.table().siteYears(v) >= minTrials) {
          pool.add(v);
          observed.add(table.yield(row));
        }
      }
    }
    if (pool.size() < minPool) {
      return Optional.empty();
    }
    double[] rawMeans = rawMeans(model.table());
    double[] zeros = new double[rawMeans.length];
    int site = table.environments().get(environment).site();
    List<Prediction> predictions = pool.stream().map(v -> model.predict(v, target)).toList();
    Map<Method, double[]> predicted = new EnumMap<>(Method.class);
    predicted.put(Method.PLAIN_MEAN, over(pool, v -> deviation(model.table(), v, zeros)));
    predicted.put(Method.DEVIATION, over(pool, v -> deviation(model.table(), v, rawMeans)));
    predicted.put(Method.BLUP, over(pool, v -> model.effects().effects()[v]));
    predicted.put(Method.KERNEL, predictions.stream().mapToDouble(Prediction::advantage).toArray());
    predicted.put(Method.NEAREST_SITE, over(pool, v -> atNearestSite(model, v, site)));
    return Optional.of(
        new HeldOut(
            table.environments().get(environment).year(),
            observed.stream().mapToDouble(Double::doubleValue).toArray(),
            predicted,
            predictions.stream().mapToDouble(p -> p.variance() + trialVariance).toArray()));
  }

  private static double[] over(List<Integer> varieties, IntToDoubleFunction value) {
    return varieties.stream().mapToInt(Integer::intValue).mapToDouble(value).toArray();
  }

  private static double[] rawMeans(TrialTable table) {
    double[] sums = new double[table.environments().size()];
    int[] counts = new int[sums.length];
    for (int row = 0; row < table.rows(); row++) {
      sums[table.environmentIndex(row)] += table.yield(row);
      counts[table.environmentIndex(row)]++;
    }
    return IntStream.range(0, sums.length).mapToDouble(e -> sums[e] / counts[e]).toArray();
  }

  private static double deviation(TrialTable table, int variety, double[] means) {
    return table
        .rowsOf(variety)
        .mapToDouble(row -> table.yield(row) - means[table.environmentIndex(row)])
        .average()
        .orElse(0);
  }

  /// Without coordinates every site is as near as any other.
  private static double atNearestSite(TrialModel model, int variety, int site) {
    TrialTable table = model.table();
    double nearest = table.rowsOf(variety).mapToDouble(row -> km(table, row, site)).min().orElse(0);
    return table
        .rowsOf(variety)
        .filter(row -> km(table, row, site) == nearest)
        .mapToDouble(row -> table.yield(row) - model.environmentMean(table.environmentIndex(row)))
        .average()
        .orElse(0);
  }

  private static double km(TrialTable table, int row, int site) {
    int from = table.environment(row).site();
    return from == site
        ? 0
        : table
            .sites()
            .get(from)
            .place()
            .flatMap(a -> table.sites().get(site).place().map(a::distanceKm))
            .orElse(1.0);
  }
}
