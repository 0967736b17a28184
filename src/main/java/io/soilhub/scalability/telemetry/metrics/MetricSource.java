package io.soilhub.scalability.telemetry.metrics;

import java.util.List;

/// Tells numbers of this replica as they stand now. Every CDI bean of this type is asked at each
/// scrape and each sampling; it must not wait.
@FunctionalInterface
public interface MetricSource {
  List<MetricFamily> families();
}
