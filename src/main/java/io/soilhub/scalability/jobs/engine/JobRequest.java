package io.soilhub.scalability.jobs.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.http.Violations;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A job as its submitter asks for it.
///
/// @param jobType type of a registered handler
/// @param payload for the handler; `{}` when not given
/// @param priority [Priority#NORMAL] when not given
/// @param queue the handler's default queue when not given
/// @param runAt earliest start; at once when not given
/// @param delaySeconds waiting time instead of `runAt`, 0 to one year
/// @param maxAttempts 1 to 100, else 4
/// @param timeoutSeconds for each attempt, 1 to one day, else 300
/// @param tags up to 20 of up to 64 characters, for lists
public record JobRequest(
    String jobType,
    ObjectNode payload,
    Optional<Priority> priority,
    Optional<JobQueue> queue,
    Optional<Instant> runAt,
    Optional<Integer> delaySeconds,
    Optional<Integer> maxAttempts,
    Optional<Integer> timeoutSeconds,
    List<String> tags) {

  private static final int DAY = 86_400;
  private static final int YEAR = 366 * DAY;
  private static final int MOST_TAGS = 20;
  private static final int LONGEST_TAG = 64;
  private static final String TAG_COUNT = "must be at most " + MOST_TAGS;
  private static final String TAG = "must be 1 to %d printable characters".formatted(LONGEST_TAG);
  private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

  public JobRequest {
    jobType = jobType == null ? "" : jobType;
    payload = payload == null ? Json.object() : payload;
    priority = present(priority);
    queue = present(queue);
    runAt = present(runAt);
    delaySeconds = present(delaySeconds);
    maxAttempts = present(maxAttempts);
    timeoutSeconds = present(timeoutSeconds);
    tags = tags == null ? List.of() : tags.stream().map(t -> t == null ? "" : t).toList();
  }

  /// A job with the defaults for everything else.
  public static JobRequest of(String jobType, ObjectNode payload) {
    return new JobRequest(
        jobType,
        payload,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  public JobRequest withPriority(Priority wanted) {
    return new JobRequest(
        jobType,
        payload,
        Optional.of(wanted),
        queue,
        runAt,
        delaySeconds,
        maxAttempts,
        timeoutSeconds,
        tags);
  }

  public JobRequest withDelaySeconds(int seconds) {
    return new JobRequest(
        jobType,
        payload,
        priority,
        queue,
        runAt,
        Optional.of(seconds),
        maxAttempts,
        timeoutSeconds,
        tags);
  }

  /// @param attempts how often it is tried
  /// @param timeout seconds for each attempt
  public JobRequest withLimits(int attempts, int timeout) {
    return new JobRequest(
        jobType,
        payload,
        priority,
        queue,
        runAt,
        delaySeconds,
        Optional.of(attempts),
        Optional.of(timeout),
        tags);
  }

  /// What is wrong with it, apart from type and payload, which the handler knows about.
  ///
  /// @param pointer JSON pointer of this request, empty when it is the whole body
  void check(Violations violations, String pointer) {
    String delay = pointer + "/delay_seconds";
    delaySeconds.ifPresent(delayed -> violations.requireBetween(delay, delayed, 0, YEAR));
    maxAttempts.ifPresent(
        attempts -> violations.requireBetween(pointer + "/max_attempts", attempts, 1, 100));
    timeoutSeconds.ifPresent(
        timeout -> violations.requireBetween(pointer + "/timeout_seconds", timeout, 1, DAY));
    violations.require(
        runAt.isEmpty() || delaySeconds.isEmpty(), delay, "cannot be given together with run_at");
    violations.require(
        runAt.filter(at -> at.isBefore(Instant.EPOCH) || at.isAfter(LATEST)).isEmpty(),
        pointer + "/run_at",
        "must be a time from 1970 to 2200");
    violations.require(tags.size() <= MOST_TAGS, pointer + "/tags", TAG_COUNT);
    for (int i = 0; i < Math.min(tags.size(), MOST_TAGS); i++) {
      violations.require(isTag(tags.get(i)), pointer + "/tags/" + i, TAG);
    }
  }

  private static boolean isTag(String tag) {
    return !tag.isEmpty()
        && tag.length() <= LONGEST_TAG
        && tag.chars().noneMatch(c -> Character.isISOControl(c) || Character.isSurrogate((char) c));
  }

  /// A member that was left out arrives as null.
  private static <T> Optional<T> present(Optional<T> value) {
    return value == null ? Optional.empty() : value;
  }
}
