/// Background jobs: five queues with priorities on Redis, the journal in PostgreSQL.
///
/// Entry points: `Jobs` to submit, find, cancel and retry;
/// [io.soilhub.scalability.jobs.engine.JobHandler] to do the work of one job type.
///
/// Invariants: PostgreSQL is the truth, Redis only the order and the leases. An answered submission
/// is in the journal. A job has at most one accepted finish: each claim takes a new fence from the
/// journal and every later write checks it.
package io.soilhub.scalability.jobs.engine;
