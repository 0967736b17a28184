package io.soilhub.scalability.bench;

import java.util.List;

/// A job system under measure, inside its own JVM. The order of calls in a throughput measure:
/// [#reset], [#submit] with no worker running, [#work], [#finished] until all are, [#rest].
interface Subject extends AutoCloseable {

  /// Empties its store. No worker runs.
  void reset() throws Exception;

  /// Stores `jobs` with as few round trips as the API allows, in calls of up to 1000 jobs.
  void submitBulk(List<JobPayload> jobs) throws Exception;

  /// Stores one job; called from many threads. Returns when the store has it.
  void submit(JobPayload job) throws Exception;

  /// Starts workers that run up to `slots` jobs at once and count into `runs`.
  void work(int slots, Runs runs) throws Exception;

  /// Stops the workers.
  void rest() throws Exception;

  /// Jobs that the store itself says are finished successfully.
  int finished() throws Exception;

  /// Numbers of the jobs whose effect happened, one entry each time.
  List<Integer> effects() throws Exception;

  @Override
  void close();
}
