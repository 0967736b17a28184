/// Distributions of non-negative numbers with a bounded relative error, mergeable over time and
/// replicas.
///
/// Entry points: [io.soilhub.scalability.quantiles.Histogram] to record,
/// [io.soilhub.scalability.quantiles.Distribution] to merge, ask and store. All of them use the
/// buckets of [io.soilhub.scalability.quantiles.Buckets], so that anything can be merged with
/// anything. Invariant: a quantile differs from the exact one by at most
/// [io.soilhub.scalability.quantiles.Buckets#RELATIVE_ERROR] of it.
package io.soilhub.scalability.quantiles;
