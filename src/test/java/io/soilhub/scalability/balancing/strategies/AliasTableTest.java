package io.soilhub.scalability.balancing.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class AliasTableTest {

  private static final int DRAWS = 1 << 20;

  /// Draws are not by chance here but by a grid over the words, so that shares are exact but for
  /// its width.
  @Property(tries = 30)
  void everybodyIsDrawnByItsWeight(@ForAll("weights") double[] weights) {
    AliasTable table = new AliasTable(weights);
    double[] shares = new double[weights.length];
    int steps = DRAWS / weights.length;
    for (int cell = 0; cell < weights.length; cell++) {
      long upper = ((long) cell << 32) / weights.length + 1;
      for (int step = 0; step < steps; step++) {
        long lower = ((long) step << 32) / steps;
        shares[table.draw(upper << 32 | lower)] += 1.0 / steps / weights.length;
      }
    }
    double sum = Arrays.stream(weights).sum();
    for (int i = 0; i < weights.length; i++) {
      assertThat(shares[i]).isCloseTo(weights[i] / sum, within(1e-3));
    }
  }

  @Provide
  Arbitrary<double[]> weights() {
    return Arbitraries.doubles().between(0.1, 100).array(double[].class).ofMinSize(1).ofMaxSize(60);
  }

  @Test
  void theUpperHalfOfAWordIsUnsigned() {
    AliasTable even = new AliasTable(new double[] {1, 1, 1, 1});
    assertThat(even.draw(-1)).isEqualTo(3);
    assertThat(even.draw(0)).isZero();
    assertThat(even.draw(Long.MIN_VALUE)).isEqualTo(2);
  }
}
