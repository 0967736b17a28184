/// What the alert rules look at, out of what the monitor recorded on all replicas and what the
/// health boards of all replicas last saw.
///
/// Entry point: [io.soilhub.scalability.signals.RecordedSignals].
package io.soilhub.scalability.signals;
