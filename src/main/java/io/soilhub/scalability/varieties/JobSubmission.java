package io.soilhub.scalability.varieties;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.Priority;
import java.util.UUID;

/// What the resources need of the job engine.
@FunctionalInterface
interface JobSubmission {

  /// @throws io.soilhub.scalability.platform.Problem as the engine refuses it
  UUID submit(String jobType, Priority priority, ObjectNode payload);
}
