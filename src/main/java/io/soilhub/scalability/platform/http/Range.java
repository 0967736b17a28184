package io.soilhub.scalability.platform.http;

/// Numbers from `min` to `max`, both included; infinite where open.
public record Range(double min, double max) {

  public static final Range ANY = new Range(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  public boolean contains(double value) {
    return value >= min && value <= max;
  }

  public boolean isAny() {
    return equals(ANY);
  }
}
