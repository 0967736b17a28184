package io.soilhub.scalability.telemetry.histogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HistogramSnapshotTest {

  private static final double[] QUANTILES = {0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1};

  enum Shape {
    LOGNORMAL(r -> 2e6 * Math.exp(1.5 * r.nextGaussian())),
    BIMODAL(r -> r.nextInt(10) == 0 ? 5e8 + 1e7 * r.nextGaussian() : 1e5 + 1e4 * r.nextGaussian()),
    PARETO(r -> 1e5 / Math.pow(1 - r.nextDouble(), 1 / 1.2));

    private final ToDoubleFunction<Random> draw;

    Shape(ToDoubleFunction<Random> draw) {
      this.draw = draw;
    }
  }

  /// Eight replicas, a slot for each of 1,440 minutes, all of them stored and read again.
  @ParameterizedTest
  @EnumSource
  void quantilesOfADayOverEightReplicasAreWithinOnePercentOfTheExactOnes(Shape shape) {
    Random random = new Random(5);
    double[] all = new double[8 * 1440 * 50];
    List<HistogramSnapshot> slots = new ArrayList<>();
    for (int slot = 0; slot < 8 * 1440; slot++) {
      Histogram histogram = new Histogram();
      for (int i = 0; i < 50; i++) {
        double value = Math.max(0, shape.draw.applyAsDouble(random));
        all[slot * 50 + i] = value;
        histogram.record(value);
      }
      slots.add(HistogramSnapshot.of(histogram.histogramSnapshot().bytes()));
    }
    HistogramSnapshot merged = HistogramSnapshot.merged(slots);
    Arrays.sort(all);
    assertThat(merged.count()).isEqualTo(all.length);
    assertThat(merged.sum()).isCloseTo(Arrays.stream(all).sum(), within(1e-9 * merged.sum()));
    assertThat(merged.min()).isEqualTo(all[0]);
    assertThat(merged.max()).isEqualTo(all[all.length - 1]);
    for (double q : QUANTILES) {
      double exact = all[Math.max(0, (int) Math.ceil(q * all.length) - 1)];
      assertThat(merged.quantile(q)).as("quantile " + q).isCloseTo(exact, within(0.01 * exact));
    }
  }

  @Property
  void quantilesKeepTheirBoundForAnyValues(
      @ForAll @Size(min = 1, max = 200) List<@DoubleRange(min = 0.01, max = 1e15) Double> values,
      @ForAll @DoubleRange(min = 0, max = 1) double q) {
    HistogramSnapshot of = recorded(values);
    double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
    double exact = sorted[Math.max(0, (int) Math.ceil(q * sorted.length) - 1)];
    assertThat(of.quantile(q)).isCloseTo(exact, within(Buckets.RELATIVE_ERROR * exact));
  }

  @Property
  void partsMergeIntoWhatOneWouldHaveSeen(
      @ForAll @Size(max = 50) List<@DoubleRange(min = 0, max = 1e6) Double> some,
      @ForAll @Size(max = 50) List<@DoubleRange(min = 0, max = 1e6) Double> others) {
    List<Double> all = new ArrayList<>(some);
    all.addAll(others);
    HistogramSnapshot merged = HistogramSnapshot.merged(List.of(recorded(some), recorded(others)));
    HistogramSnapshot whole = recorded(all);
    assertThat(merged.count()).isEqualTo(whole.count());
    assertThat(merged.sum()).isCloseTo(whole.sum(), within(1e-9 * (1 + whole.sum())));
    for (double q : QUANTILES) {
      assertThat(merged.quantile(q)).isEqualTo(whole.quantile(q));
    }
  }

  @Test
  void nothingHasNoQuantiles() {
    HistogramSnapshot none =
        HistogramSnapshot.merged(List.of(HistogramSnapshot.EMPTY, HistogramSnapshot.EMPTY));
    assertThat(none.count()).isZero();
    assertThat(none.quantile(0.5)).isZero();
    assertThat(none.min()).isZero();
    assertThat(none.max()).isZero();
    assertThat(none.average()).isZero();
    assertThat(HistogramSnapshot.of(none.bytes()).count()).isZero();
    assertThatThrownBy(() -> none.quantile(1.1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> none.quantile(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void valuesBeyondTheRangeKeepTheirCountAndBounds() {
    HistogramSnapshot of = recorded(List.of(0.0, -1.0, Double.MIN_VALUE, 1e-300, 1e300));
    assertThat(of.count()).isEqualTo(5);
    assertThat(of.min()).isZero();
    assertThat(of.max()).isEqualTo(1e300);
    assertThat(of.quantile(0)).isZero();
    assertThat(of.quantile(1)).isBetween(0x1p62, 1e300);
  }

  @Test
  void boundsCountWhatLiesBelow() {
    HistogramSnapshot of = recorded(List.of(1.0, 2.0, 3.0, 3.0, 10.0));
    assertThat(of.cumulative(new double[] {0.5, 2.5, 5, 100})).containsExactly(0, 2, 4, 5);
  }

  @Test
  void whatIsNoDistributionIsRefused() {
    byte[] bytes = recorded(List.of(1.0, 2.0)).bytes();
    assertThatThrownBy(() -> HistogramSnapshot.of(Arrays.copyOf(bytes, bytes.length - 1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> HistogramSnapshot.of(new byte[] {9}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static HistogramSnapshot recorded(List<Double> values) {
    Histogram histogram = new Histogram();
    values.forEach(histogram::record);
    return histogram.histogramSnapshot();
  }
}
