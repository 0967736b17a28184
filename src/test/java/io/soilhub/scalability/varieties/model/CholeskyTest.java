package io.soilhub.scalability.varieties.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CholeskyTest {

  @Property(tries = 100)
  void solvesWhatItFactored(@ForAll @IntRange(min = 1, max = 25) int n, @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] a = positiveDefinite(n, random);
    double[] x = random.doubles(n, -5, 5).toArray();
    double[] b = new double[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        b[i] += a[i][j] * x[j];
      }
    }

    Cholesky.factor(n, packed(a)).solve(b);

    assertThat(b).containsExactly(x, within(1e-6));
  }

  @Property(tries = 50)
  void theFactorMultipliesBackAndHasTheDeterminant(
      @ForAll @IntRange(min = 1, max = 8) int n, @ForAll long seed) {
    double[][] a = positiveDefinite(n, new SplittableRandom(seed));
    Cholesky factor = Cholesky.factor(n, packed(a));
    double[] x = new double[n];
    x[0] = 2;
    factor.multiply(x);
    factor.forward(x);

    assertThat(x[0]).isCloseTo(2, within(1e-12));
    assertThat(factor.logDeterminant()).isCloseTo(Math.log(determinant(a)), within(1e-8));
  }

  @Test
  void refusesWhatIsNotPositiveDefinite() {
    assertThatThrownBy(() -> Cholesky.factor(2, new double[] {1, 2, 1}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static double[][] positiveDefinite(int n, SplittableRandom random) {
    double[][] half = new double[n][];
    for (int i = 0; i < n; i++) {
      half[i] = random.doubles(n, -1, 1).toArray();
    }
    double[][] a = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        for (int k = 0; k < n; k++) {
          a[i][j] += half[i][k] * half[j][k];
        }
        a[i][j] += i == j ? 0.5 : 0;
      }
    }
    return a;
  }

  private static double[] packed(double[][] a) {
    double[] packed = new double[a.length * (a.length + 1) / 2];
    for (int i = 0, at = 0; i < a.length; i++) {
      for (int j = 0; j <= i; j++) {
        packed[at++] = a[i][j];
      }
    }
    return packed;
  }

  /// Gaussian elimination without pivoting: good enough for a positive definite matrix.
  static double determinant(double[][] matrix) {
    int n = matrix.length;
    double[][] a = new double[n][];
    for (int i = 0; i < n; i++) {
      a[i] = matrix[i].clone();
    }
    double determinant = 1;
    for (int k = 0; k < n; k++) {
      determinant *= a[k][k];
      for (int i = k + 1; i < n; i++) {
        double f = a[i][k] / a[k][k];
        for (int j = k; j < n; j++) {
          a[i][j] -= f * a[k][j];
        }
      }
    }
    return determinant;
  }
}
