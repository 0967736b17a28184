/// The part that this replica takes in traces. Off unless the server's OpenTelemetry is turned on
/// by its own variables (`OTEL_SDK_DISABLED=false`); then nothing is read, kept or allocated.
///
/// Entry points: [io.soilhub.scalability.telemetry.tracing.Tracing] begins spans and tells the
/// current one; [io.soilhub.scalability.telemetry.tracing.TraceContext] is what travels between
/// processes.
///
/// Invariant: no other package sees the OpenTelemetry API.
package io.soilhub.scalability.telemetry.tracing;
