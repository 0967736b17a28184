package io.soilhub.scalability.varieties.model;

/// Lower Cholesky factor of a symmetric positive definite matrix, rows packed one after another:
/// half the memory of a square, and one variety's factor is read in order.
final class Cholesky {

  private final int size;
  private final double[] packed;

  private Cholesky(int size, double[] packed) {
    this.size = size;
    this.packed = packed;
  }

  /// Factors in place.
  ///
  /// @param packed lower triangle by rows; taken over by the factor
  /// @throws IllegalArgumentException when the matrix is not positive definite
  static Cholesky factor(int size, double[] packed) {
    for (int i = 0; i < size; i++) {
      int rowI = i * (i + 1) / 2;
      for (int j = 0; j <= i; j++) {
        int rowJ = j * (j + 1) / 2;
        double sum = packed[rowI + j];
        for (int k = 0; k < j; k++) {
          sum -= packed[rowI + k] * packed[rowJ + k];
        }
        if (i != j) {
          packed[rowI + j] = sum / packed[rowJ + j];
        } else if (sum > 0) {
          packed[rowI + i] = Math.sqrt(sum);
        } else {
          throw new IllegalArgumentException("the matrix is not positive definite");
        }
      }
    }
    return new Cholesky(size, packed);
  }

  int size() {
    return size;
  }

  double logDeterminant() {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += Math.log(packed[i * (i + 1) / 2 + i]);
    }
    return 2 * sum;
  }

  /// Solves L z = b in place.
  void forward(double[] b) {
    for (int i = 0, row = 0; i < size; row += ++i) {
      double sum = b[i];
      for (int k = 0; k < i; k++) {
        sum -= packed[row + k] * b[k];
      }
      b[i] = sum / packed[row + i];
    }
  }

  /// Solves L' x = z in place.
  void backward(double[] z) {
    for (int i = size - 1; i >= 0; i--) {
      int row = i * (i + 1) / 2;
      double x = z[i] / packed[row + i];
      z[i] = x;
      for (int k = 0; k < i; k++) {
        z[k] -= packed[row + k] * x;
      }
    }
  }

  /// Multiplies L x in place.
  void multiply(double[] x) {
    for (int i = size - 1; i >= 0; i--) {
      int row = i * (i + 1) / 2;
      double sum = 0;
      for (int k = 0; k <= i; k++) {
        sum += packed[row + k] * x[k];
      }
      x[i] = sum;
    }
  }

  /// Solves A x = b in place.
  void solve(double[] b) {
    forward(b);
    backward(b);
  }
}
