package io.soilhub.scalability.jobs.notifications;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.engine.JobRun;
import io.soilhub.scalability.platform.postgres.Database;
import java.util.UUID;

/// A run that is not stopped and has no database.
record FixedRun(UUID jobId, ObjectNode payload) implements JobRun {

  @Override
  public int attempt() {
    return 1;
  }

  @Override
  public long fence() {
    return 1;
  }

  @Override
  public void progress(int percent) {}

  @Override
  public boolean stopRequested() {
    return false;
  }

  @Override
  public void checkStopped() {}

  @Override
  public boolean once(String effect, Database.Work<Void> work) {
    throw new UnsupportedOperationException();
  }
}
