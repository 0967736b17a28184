/// Distributions of non-negative numbers with a bounded relative error, mergeable over time and
/// replicas.
///
/// Entry points: [io.soilhub.scalability.telemetry.histogram.Histogram] to record,
/// [io.soilhub.scalability.telemetry.histogram.HistogramSnapshot] to merge, ask and store. All of
/// them use the buckets of [io.soilhub.scalability.telemetry.histogram.Buckets], so that anything
/// can be merged with anything. Invariant: a quantile differs from the exact one by at most
/// [io.soilhub.scalability.telemetry.histogram.Buckets#RELATIVE_ERROR] of it.
package io.soilhub.scalability.telemetry.histogram;
