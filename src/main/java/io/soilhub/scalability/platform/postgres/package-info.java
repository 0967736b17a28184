/// PostgreSQL: the pool, the schema's migrations, the leader of the replicas and the replicas that
/// are up.
///
/// Entry point: [io.soilhub.scalability.platform.postgres.Database].
///
/// Invariant: every statement has a time limit.
package io.soilhub.scalability.platform.postgres;
