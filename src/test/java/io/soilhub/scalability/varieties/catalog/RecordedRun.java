package io.soilhub.scalability.varieties.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.engine.JobRun;
import io.soilhub.scalability.jobs.engine.JobStopped;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.postgres.Database;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// A run of a job outside the engine, for tests: keeps what the handler reported, and can be told
/// to stop after a number of reports.
final class RecordedRun implements JobRun {

  private final UUID id = new UUID(1, 2);
  private final ObjectNode payload;
  private final Optional<Database> database;
  private final Set<String> effects = new HashSet<>();
  private final List<Integer> progress = new ArrayList<>();
  private int stopAfter = Integer.MAX_VALUE;

  RecordedRun(String payload, Optional<Database> database) {
    this.payload = (ObjectNode) Json.parse(payload.replace('\'', '"'));
    this.database = database;
  }

  RecordedRun stopAfter(int reports) {
    stopAfter = reports;
    return this;
  }

  List<Integer> reported() {
    return progress;
  }

  @Override
  public UUID jobId() {
    return id;
  }

  @Override
  public ObjectNode payload() {
    return payload;
  }

  @Override
  public int attempt() {
    return 1;
  }

  @Override
  public long fence() {
    return 1;
  }

  @Override
  public void progress(int percent) {
    progress.add(percent);
  }

  @Override
  public boolean stopRequested() {
    return progress.size() >= stopAfter;
  }

  @Override
  public void checkStopped() {
    if (stopRequested()) {
      throw new JobStopped("cancelled");
    }
  }

  @Override
  public boolean once(String effect, Database.Work<Void> work) {
    boolean first = effects.add(effect);
    if (first) {
      database.orElseThrow().inTransaction(work);
    }
    return first;
  }
}
