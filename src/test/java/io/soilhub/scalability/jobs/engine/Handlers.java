package io.soilhub.scalability.jobs.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Handlers made of a function.
final class Handlers {

  /// What a handler does.
  @FunctionalInterface
  interface Body {
    JsonNode run(JobRun run) throws Exception;
  }

  private Handlers() {}

  static JobHandler of(String type, Body body) {
    return of(type, JobQueue.DATA_PROCESSING, body);
  }

  static JobHandler of(String type, JobQueue queue, Body body) {
    return new JobHandler() {
      @Override
      public String jobType() {
        return type;
      }

      @Override
      public JobQueue defaultQueue() {
        return queue;
      }

      @Override
      public void validate(ObjectNode payload) {}

      @Override
      public JsonNode run(JobRun run) throws Exception {
        return body.run(run);
      }
    };
  }
}
