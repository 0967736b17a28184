/// What every feature stands on and nothing of the domain. `settings` reads environment variables,
/// `core` has time, ids, JSON, hashes and periodic work, `http` reads requests and writes problems,
/// `outbound` calls addresses that callers name, `postgres` and `redis` reach the stores.
///
/// Invariants: no domain word in here; nothing in here imports a feature; every class can be made
/// with `new` in a plain test; every external call has a timeout.
package io.soilhub.scalability.platform;
