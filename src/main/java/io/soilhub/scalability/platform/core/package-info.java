/// What every feature stands on and nothing of the domain: settings, time, JSON, the PostgreSQL
/// pool, the Redis client, ids, leadership and the root of all errors.
///
/// Invariants: no domain word in here; nothing in here imports a feature; every class can be made
/// with `new` in a plain test; every external call has a timeout.
package io.soilhub.scalability.platform.core;
