package io.soilhub.scalability.jobs.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Problem.Violation;
import java.time.Instant;
import java.util.ArrayList;
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
  List<Violation> violations() {
    List<Violation> found = new ArrayList<>();
    bounds(found, "/delay_seconds", delaySeconds, 0, YEAR);
    bounds(found, "/max_attempts", maxAttempts, 1, 100);
    bounds(found, "/timeout_seconds", timeoutSeconds, 1, DAY);
    if (runAt.isPresent() && delaySeconds.isPresent()) {
      found.add(new Violation("/delay_seconds", "cannot be given together with run_at"));
    }
    if (runAt.filter(at -> at.isBefore(Instant.EPOCH) || at.isAfter(LATEST)).isPresent()) {
      found.add(new Violation("/run_at", "must be a time from 1970 to 2200"));
    }
    if (tags.size() > MOST_TAGS) {
      found.add(new Violation("/tags", "must be at most %d".formatted(MOST_TAGS)));
    }
    for (int i = 0; i < Math.min(tags.size(), MOST_TAGS); i++) {
      if (!isTag(tags.get(i))) {
        String detail = "must be 1 to %d printable characters".formatted(LONGEST_TAG);
        found.add(new Violation("/tags/" + i, detail));
      }
    }
    return found;
  }

  private static boolean isTag(String tag) {
    return !tag.isEmpty()
        && tag.length() <= LONGEST_TAG
        && tag.chars().noneMatch(c -> Character.isISOControl(c) || Character.isSurrogate((char) c));
  }

  private static void bounds(
      List<Violation> found, String pointer, Optional<Integer> value, int min, int max) {
    if (value.filter(v -> v < min || v > max).isPresent()) {
      found.add(new Violation(pointer, "must be from %d to %d".formatted(min, max)));
    }
  }

  /// A member that was left out arrives as null.
  private static <T> Optional<T> present(Optional<T> value) {
    return value == null ? Optional.empty() : value;
  }
}
