/// Keeps the service's own tables small: the job type `data_cleanup` and its daily submission.
///
/// Entry point: [io.soilhub.scalability.jobs.cleanup.DataCleanupHandler].
///
/// Invariants: deletes in batches, each a transaction of its own; a day's cleanup is one job,
/// whichever and however many replicas submit it.
package io.soilhub.scalability.jobs.cleanup;
