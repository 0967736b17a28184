package io.soilhub.scalability.varieties.model;

import io.soilhub.scalability.varieties.model.HeldOut.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// What held-out environments say of the methods. Gain is the yield of a method's first pick over
/// the mean of its pool, in per cent of that mean: free of the bias that regret to the observed
/// best has, since the best of noisy yields is noise in part.
record Validation(List<HeldOut> held) {

  private static final int RESAMPLES = 2_000;

  /// @param gain per cent
  /// @param regret per cent
  record Score(double gain, double rankCorrelation, double regret) {}

  /// A mean with the 95 % interval of a bootstrap over years: site-years of one year are not
  /// independent.
  record Interval(double mean, double low, double high) {}

  Score score(Method method) {
    double gain = 0;
    double rho = 0;
    double regret = 0;
    for (HeldOut one : held) {
      gain += gain(one, method);
      rho += one.rankCorrelation(method);
      regret += 100 * (one.best() - one.picked(method)) / one.mean();
    }
    int n = held.size();
    return new Score(gain / n, rho / n, regret / n);
  }

  private static double gain(HeldOut one, Method method) {
    return 100 * (one.picked(method) - one.mean()) / one.mean();
  }

  /// Gain of knowing the best beforehand.
  double oracleGain() {
    return average(held, one -> 100 * (one.best() - one.mean()) / one.mean());
  }

  /// Gain of the model in the unit of the table.
  double gainInUnit() {
    return average(held, one -> one.picked(Method.KERNEL) - one.mean());
  }

  double meanPool() {
    return average(held, HeldOut::size);
  }

  /// Share of the yields inside the model's 90 % interval.
  double coverage() {
    double within = held.stream().mapToInt(HeldOut::withinInterval).sum();
    return within / held.stream().mapToInt(HeldOut::size).sum();
  }

  Interval gainInterval(Method method, RandomGenerator random) {
    return bootstrap(one -> gain(one, method), random);
  }

  /// Gain of the model over that of another method.
  Interval leadOver(Method other, RandomGenerator random) {
    return bootstrap(one -> gain(one, Method.KERNEL) - gain(one, other), random);
  }

  private Interval bootstrap(ToDoubleFunction<HeldOut> value, RandomGenerator random) {
    Map<Integer, List<HeldOut>> byYear =
        held.stream()
            .collect(Collectors.groupingBy(HeldOut::year, TreeMap::new, Collectors.toList()));
    List<List<HeldOut>> years = List.copyOf(byYear.values());
    double[] means = new double[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      double sum = 0;
      int count = 0;
      for (int draw = 0; draw < years.size(); draw++) {
        List<HeldOut> year = years.get(random.nextInt(years.size()));
        sum += year.stream().mapToDouble(value).sum();
        count += year.size();
      }
      means[i] = sum / count;
    }
    Arrays.sort(means);
    return new Interval(
        average(held, value),
        means[(int) (0.025 * RESAMPLES)],
        means[(int) (0.975 * RESAMPLES) - 1]);
  }

  private static double average(List<HeldOut> held, ToDoubleFunction<HeldOut> value) {
    return held.stream().mapToDouble(value).average().orElse(Double.NaN);
  }

  /// One step of stated chances, and how often they came true.
  record Bin(double stated, double cameTrue, long pairs) {}

  /// @param accuracy share of pairs whose favourite won; ties count half
  /// @param brier mean squared error of the stated chance; 0.25 is a coin's
  record Calibration(List<Bin> bins, long pairs, double accuracy, double brier) {}

  /// Chances to win of all pairs of all pools, in steps of 0.05 of the favourite's chance.
  Calibration calibration() {
    double[] stated = new double[10];
    double[] won = new double[10];
    long[] counts = new long[10];
    double squares = 0;
    for (HeldOut one : held) {
      double[] advantages = one.predicted().get(Method.KERNEL);
      for (int i = 0; i < one.size(); i++) {
        for (int j = 0; j < i; j++) {
          double sd = Math.sqrt(one.variances()[i] + one.variances()[j]);
          double chance = Normal.below((advantages[i] - advantages[j]) / sd);
          double outcome = (Math.signum(one.observed()[i] - one.observed()[j]) + 1) / 2;
          boolean first = chance >= 0.5;
          double favourite = first ? chance : 1 - chance;
          double favouriteWon = first ? outcome : 1 - outcome;
          int bin = Math.min(9, (int) ((favourite - 0.5) * 20));
          stated[bin] += favourite;
          won[bin] += favouriteWon;
          counts[bin]++;
          squares += (favourite - favouriteWon) * (favourite - favouriteWon);
        }
      }
    }
    return calibration(stated, won, counts, squares);
  }

  private static Calibration calibration(
      double[] stated, double[] won, long[] counts, double squares) {
    List<Bin> bins = new ArrayList<>();
    long pairs = 0;
    double correct = 0;
    for (int bin = 0; bin < counts.length; bin++) {
      if (counts[bin] > 0) {
        bins.add(new Bin(stated[bin] / counts[bin], won[bin] / counts[bin], counts[bin]));
        pairs += counts[bin];
        correct += won[bin];
      }
    }
    return new Calibration(bins, pairs, correct / pairs, squares / pairs);
  }
}
