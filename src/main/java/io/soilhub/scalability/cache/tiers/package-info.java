/// The cache of four levels: this replica's memory, Redis, PostgreSQL, and the CDN in front.
///
/// Entry points: [io.soilhub.scalability.cache.tiers.DistributedCache], which opens a
/// [io.soilhub.scalability.cache.tiers.TieredCache] for each use.
///
/// Invariants: a change goes down before it goes up (third level, second, memory of all replicas);
/// a load that began before a change leaves nothing on any level; what one store cannot be told the
/// other one keeps for it; docs/cache.md tells how.
package io.soilhub.scalability.cache.tiers;
