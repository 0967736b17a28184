/// The performance monitor as callers see it: statistics of operations over any window, metrics
/// that callers send, and the sampling of what this replica tells of itself.
///
/// Entry points: [io.soilhub.scalability.monitoring.reports.PerformanceResource],
/// [io.soilhub.scalability.monitoring.reports.MetricSampler].
package io.soilhub.scalability.monitoring.reports;
