/// Active health checks of instances, shared out among the replicas.
///
/// Entry points: [io.soilhub.scalability.balancing.healthcheck.HealthChecker].
///
/// Invariants: each instance has one replica that probes it, by rendezvous hashing over the
/// replicas that are there; a probe that hangs costs its own answer and delays none; without Redis
/// every replica probes all; an address that is not allowed is never connected to.
package io.soilhub.scalability.balancing.healthcheck;
