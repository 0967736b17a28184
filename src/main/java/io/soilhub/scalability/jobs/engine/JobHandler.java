package io.soilhub.scalability.jobs.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Does the work of one job type. CDI collects all of them; features implement it.
///
/// A handler may be called more than once for one job (a replica can die at any point), at most
/// once at a time as far as leases can tell, and only the call that holds the newest fence can
/// finish the job. Effects outside the result belong into [JobRun#once].
public interface JobHandler {

  /// Name of the job type in the API, for instance `variety_recommendation`.
  String jobType();

  /// The queue for jobs that name none.
  JobQueue defaultQueue();

  /// Refuses a payload that [#run] could not use, at submission.
  ///
  /// @throws io.soilhub.scalability.platform.core.Problem of kind INVALID with a pointer for each
  ///   fault, relative to the payload
  void validate(ObjectNode payload);

  /// Does the work and gives the job's result.
  ///
  /// @throws JobFailed to end the attempt with a type and a message of the handler's own, and to
  ///   say whether another attempt makes sense
  /// @throws Exception any other failure: tried again until the attempts are used up
  JsonNode run(JobRun run) throws Exception;
}
