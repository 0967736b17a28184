/// The journal of background jobs in PostgreSQL: the truth about every accepted job.
///
/// Entry points: [io.soilhub.scalability.jobs.journal.Journal] for the transitions of a job's life,
/// [io.soilhub.scalability.jobs.journal.JobRepository] to read and administer,
/// [io.soilhub.scalability.jobs.journal.QueueStore] for the limits and totals of queues, which
/// [io.soilhub.scalability.jobs.journal.BacklogCount] keeps on one replica for all.
///
/// Invariants: a job's fence grows with every claim; a transition out of `running` names the fence
/// it was claimed under and is refused when that is no longer the row's; all times are the
/// database's. The package knows neither Redis nor handlers.
package io.soilhub.scalability.jobs.journal;
