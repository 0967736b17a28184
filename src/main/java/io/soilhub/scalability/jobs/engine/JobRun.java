package io.soilhub.scalability.jobs.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.platform.postgres.Database;
import java.util.UUID;

/// One claimed execution of a job, as its handler sees it. Calls are safe from the handler's
/// thread.
public interface JobRun {

  UUID jobId();

  ObjectNode payload();

  /// 1 for the first attempt.
  int attempt();

  /// Number of this claim, from the journal; grows with every claim of the job. Pass it to outside
  /// systems that can refuse a smaller one.
  long fence();

  /// Reports how far the work is.
  ///
  /// @param percent 0 to 100
  void progress(int percent);

  /// Whether the job was cancelled, timed out, or lost to another worker. The thread is interrupted
  /// as well.
  boolean stopRequested();

  /// Throws when [#stopRequested]; for loops.
  ///
  /// @throws JobStopped so that the handler unwinds; nothing that it does later is accepted
  void checkStopped();

  /// Runs an effect in PostgreSQL exactly once for this job, however often the job is run: the
  /// effect, the check of the fence and the mark that it happened commit together.
  ///
  /// @param effect name of the effect within the job, so that one job can have several
  /// @return false when an earlier run of the job has had this effect already
  /// @throws JobStopped when another worker holds the job by now
  boolean once(String effect, Database.Work<Void> work);
}
