/// The performance monitor as callers see it: statistics of operations over any window, metrics
/// that callers send, and the sampling of what this replica tells of itself.
///
/// Entry points: [io.soilhub.scalability.performance.PerformanceResource],
/// [io.soilhub.scalability.performance.Sampler].
package io.soilhub.scalability.performance;
