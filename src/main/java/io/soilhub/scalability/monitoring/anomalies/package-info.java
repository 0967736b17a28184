/// What is usual for a series at this hour of this weekday, and how far from it a value has to be
/// before it is worth a look. It flags what fixed thresholds miss: traffic that falls to zero at
/// noon stays below every upper limit.
///
/// Entry point: [io.soilhub.scalability.monitoring.anomalies.Baseline]; one a series, given one
/// value at a time. No clock, no chance, no thread: the same values in the same order give the same
/// verdicts.
package io.soilhub.scalability.monitoring.anomalies;
