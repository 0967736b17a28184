/// What the service did and how long it took: operations and custom metrics, recorded without a
/// wait, kept as one-minute slots whose distributions can be merged over replicas and time.
///
/// Entry points: [io.soilhub.scalability.telemetry.metrics.Operations] to time work,
/// [io.soilhub.scalability.telemetry.metrics.MetricSource] to be exposed.
package io.soilhub.scalability.telemetry.metrics;
