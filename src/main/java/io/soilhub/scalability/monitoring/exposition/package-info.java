/// What this replica tells of itself in numbers: the families of every
/// [io.soilhub.scalability.telemetry.metrics.MetricSource] gathered, as Prometheus and OpenMetrics
/// text, and the numbers of the machine, the process, its connections and its components.
///
/// Entry point: [io.soilhub.scalability.monitoring.exposition.MetricsRegistry].
///
/// Invariants: gathering waits for nothing outside the process; a source that fails costs its own
/// families and no others; names, units and types are what `promtool check metrics` asks for.
package io.soilhub.scalability.monitoring.exposition;
