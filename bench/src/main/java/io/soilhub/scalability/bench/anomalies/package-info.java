/// Replays real traffic through the anomaly baseline and through what it is compared with.
/// [io.soilhub.scalability.bench.anomalies.AnomaliesBenchmark] writes the table.
package io.soilhub.scalability.bench.anomalies;
