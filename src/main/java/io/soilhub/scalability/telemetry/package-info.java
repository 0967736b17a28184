/// Measures and records what the service does. `metrics` records counts and times and keeps them in
/// PostgreSQL, `histogram` is the quantile sketch under them, `tracing` makes spans, `logging`
/// writes the log.
package io.soilhub.scalability.telemetry;
