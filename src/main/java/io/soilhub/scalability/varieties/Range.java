package io.soilhub.scalability.varieties;

/// Numbers from `min` to `max`, both included; infinite where open.
record Range(double min, double max) {

  static final Range ANY = new Range(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  boolean contains(double value) {
    return value >= min && value <= max;
  }

  boolean isAny() {
    return equals(ANY);
  }
}
