/// The health of the service and of what it depends on.
///
/// Entry points: [io.soilhub.scalability.resilience.health.ComponentProbe], which every feature
/// that is a component implements and CDI collects;
/// [io.soilhub.scalability.resilience.health.HealthRegistry], which runs them all.
///
/// Invariants: a probe that hangs costs its own answer and nothing else; liveness depends on
/// nothing outside the process; readiness depends on PostgreSQL alone.
package io.soilhub.scalability.resilience.health;
