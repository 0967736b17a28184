package io.soilhub.scalability.varieties.recommendation;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// Numbers as an answer shows them: rounded to what the data can bear, with a point whatever the
/// locale.
public final class Rounding {

  private Rounding() {}

  public static double rounded(double value, int decimals) {
    return BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_EVEN).doubleValue();
  }

  /// Three significant digits, never in exponent form.
  static String shown(double value) {
    BigDecimal exact = BigDecimal.valueOf(value);
    int wholeDigits = Math.max(0, exact.precision() - exact.scale());
    return exact.round(new MathContext(Math.max(3, wholeDigits))).toPlainString();
  }

  static long percent(double share) {
    return Math.round(100 * share);
  }
}
