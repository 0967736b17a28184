/// The registry of instances and the policies of services, shared by all replicas.
///
/// Entry points: [io.soilhub.scalability.balancing.registry.InstanceRegistry];
/// [io.soilhub.scalability.balancing.registry.InstanceSource] for instances that are known from
/// elsewhere; [io.soilhub.scalability.balancing.registry.AllowedAddresses], which everything that
/// connects to an instance asks first.
///
/// Invariants: what was registered is in PostgreSQL before it is answered; every replica takes it
/// over within a second or two; with PostgreSQL away the fleet stays as it was last seen.
package io.soilhub.scalability.balancing.registry;
