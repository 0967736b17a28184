package io.soilhub.scalability.cache.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.cache.postgres.EntryKey;
import io.soilhub.scalability.cache.tiers.DataType;
import io.soilhub.scalability.cache.tiers.WarmupSource;
import io.soilhub.scalability.jobs.engine.JobHandler;
import io.soilhub.scalability.jobs.engine.JobQueue;
import io.soilhub.scalability.jobs.engine.JobRun;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/// Brings values up before anybody asks for them: into Redis for all replicas, and into the memory
/// of the one that runs the job. A key that fails does not keep the others out.
final class CacheWarmupHandler implements JobHandler {

  static final String JOB_TYPE = "cache_warmup";
  private static final int MOST_KEYS = 10_000;
  private static final Set<String> MEMBERS = Set.of("data_type", "keys");

  private final BiPredicate<DataType, String> values;
  private final List<WarmupSource> warmables;

  /// @param values reads a value that clients put, and tells whether there is one
  CacheWarmupHandler(BiPredicate<DataType, String> values, List<WarmupSource> warmables) {
    this.values = values;
    this.warmables = List.copyOf(warmables);
  }

  /// @param missing what no level and no source has
  record Warmed(String dataType, int warmed, int missing, int failed) {}

  private record Step(String key, Predicate<String> warm) {}

  @Override
  public String jobType() {
    return JOB_TYPE;
  }

  @Override
  public JobQueue defaultQueue() {
    return JobQueue.DATA_PROCESSING;
  }

  @Override
  public void validate(ObjectNode payload) {
    payload
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!MEMBERS.contains(name)) {
                throw Problem.invalid(
                    "/" + name, "unknown member %s; known are data_type, keys".formatted(name));
              }
            });
    DataType type = type(payload);
    if (!payload.has("keys")) {
      if (warmables.stream().noneMatch(warmupSource -> warmupSource.dataType() == type)) {
        throw Problem.invalid("/keys", "must be given for " + type.code());
      }
      return;
    }
    keys(payload, type);
  }

  @Override
  public JsonNode run(JobRun run) {
    DataType type = type(run.payload());
    List<Step> steps = steps(run.payload(), type);
    int warmed = 0;
    int missing = 0;
    int failed = 0;
    for (int i = 0; i < steps.size(); i++) {
      run.checkStopped();
      try {
        if (steps.get(i).warm().test(steps.get(i).key())) {
          warmed++;
        } else {
          missing++;
        }
      } catch (Problem _) {
        failed++;
      }
      run.progress(100 * (i + 1) / steps.size());
    }
    return Json.tree(new Warmed(type.code(), warmed, missing, failed));
  }

  private List<Step> steps(ObjectNode payload, DataType type) {
    List<Step> steps = new ArrayList<>();
    if (payload.has("keys")) {
      keys(payload, type).forEach(key -> steps.add(new Step(key, k -> values.test(type, k))));
      return steps;
    }
    for (WarmupSource warmupSource : warmables) {
      if (warmupSource.dataType() == type) {
        warmupSource.keys().forEach(key -> steps.add(new Step(key, warmupSource::warm)));
      }
    }
    return steps;
  }

  private static DataType type(ObjectNode payload) {
    JsonNode type = payload.path("data_type");
    if (!type.isTextual()) {
      throw Problem.invalid("/data_type", "must be given, as a string");
    }
    return DataType.of(type.asText());
  }

  private static List<String> keys(ObjectNode payload, DataType type) {
    JsonNode array = payload.get("keys");
    if (!array.isArray() || array.isEmpty() || array.size() > MOST_KEYS) {
      throw Problem.invalid("/keys", "must be an array of 1 to %d keys".formatted(MOST_KEYS));
    }
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      keys.add(key(array.get(i), type, "/keys/" + i));
    }
    return keys;
  }

  private static String key(JsonNode key, DataType type, String pointer) {
    if (!key.isTextual()) {
      throw Problem.invalid(pointer, "must be a string");
    }
    try {
      return new EntryKey(type.code(), key.asText()).key();
    } catch (Problem e) {
      throw Problem.invalid(pointer, e.getMessage());
    }
  }
}
