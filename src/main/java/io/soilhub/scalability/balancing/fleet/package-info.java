/// The fleet as one replica sees it: who is registered, how each instance does, and who of them
/// takes the next request of a service.
///
/// Entry points: [io.soilhub.scalability.balancing.fleet.Fleet] and its
/// [io.soilhub.scalability.balancing.fleet.Pool]s;
/// [io.soilhub.scalability.balancing.fleet.TrackedRequest], one request at one instance.
/// [io.soilhub.scalability.balancing.fleet.InstanceGuard] is where a breaker comes in,
/// [io.soilhub.scalability.balancing.fleet.ForwardListener] where outcomes are taken from.
///
/// Invariants: everything is in memory and works with PostgreSQL and Redis away; an instance keeps
/// its history when it is registered again; at most the policy's share of a pool is ejected; a pool
/// with no living instance answers so at once.
package io.soilhub.scalability.balancing.fleet;
