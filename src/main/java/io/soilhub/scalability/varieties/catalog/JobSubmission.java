package io.soilhub.scalability.varieties.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.engine.Priority;
import java.util.UUID;

/// What the resources need of the job engine.
@FunctionalInterface
interface JobSubmission {

  /// @param payload that was read as the job's handler reads it
  /// @throws io.soilhub.scalability.platform.core.Problem as the engine refuses it
  UUID submit(String jobType, Priority priority, ObjectNode payload);
}
