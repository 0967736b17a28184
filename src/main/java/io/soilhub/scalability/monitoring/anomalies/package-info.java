/// What is usual for an operation at this hour of this weekday, and how far from it a value has to
/// be before it is worth a look. It flags what fixed thresholds miss: traffic that falls to zero at
/// noon stays below every upper limit.
///
/// Entry points: [io.soilhub.scalability.monitoring.anomalies.AnomalyDetector] looks at every
/// operation of all replicas; [io.soilhub.scalability.monitoring.anomalies.Baseline] judges one
/// series, given one value at a time. A baseline has no clock, no chance and no thread: the same
/// values in the same order give the same answers.
package io.soilhub.scalability.monitoring.anomalies;
