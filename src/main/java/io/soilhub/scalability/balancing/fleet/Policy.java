package io.soilhub.scalability.balancing.fleet;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.soilhub.scalability.balancing.strategies.StrategyName;
import io.soilhub.scalability.platform.http.Violations;

/// How requests to one service are spread, guarded and repeated. What is not given has its default.
///
/// @param hashOn what consistent_hash keeps together: `client_ip`, `path` or the name of a header
/// @param boundedLoad times its share of the requests under way that consistent_hash lets an
///   instance have, 1.05 to 10; 0, the default, for no bound: the key then stays with its instance.
///   Left out of JSON when 0, which replicas of the version before would refuse to read
/// @param slowStartSeconds over which a newcomer comes to its full share, 0 to 3600
/// @param panicThreshold share of usable instances below which all are used again, 0 to 1
/// @param zonePreference whether instances in the replica's own ZONE come first
/// @param ejectAfterErrors errors in a row that eject an instance, 1 to 1000
/// @param ejectionSeconds of the first ejection, 1 to 3600; doubles with each that follows
/// @param maxEjectedShare of the instances, 0 to 1; 0 switches ejection off
/// @param tryTimeoutMs until an instance begins to answer, 10 to 600,000
/// @param deadlineMs of a whole forward with all its tries, 10 to 3,600,000
/// @param maxTries 1 to 5
/// @param retryBudget share of the requests that may be repeated, 0 to 1
/// @param hedgeAfterP95 whether a GET that takes longer than 95 % of the others is sent to a second
///   instance as well
public record Policy(
    StrategyName strategy,
    String hashOn,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) Double boundedLoad,
    Integer slowStartSeconds,
    Double panicThreshold,
    Boolean zonePreference,
    Integer ejectAfterErrors,
    Integer ejectionSeconds,
    Double maxEjectedShare,
    Integer tryTimeoutMs,
    Integer deadlineMs,
    Integer maxTries,
    Double retryBudget,
    Boolean hedgeAfterP95) {

  private static final String HEADER = "[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}";

  public Policy {
    strategy = or(strategy, StrategyName.LEAST_RESPONSE_TIME);
    hashOn = or(hashOn, "client_ip");
    boundedLoad = or(boundedLoad, 0.0);
    slowStartSeconds = or(slowStartSeconds, 30);
    panicThreshold = or(panicThreshold, 0.5);
    zonePreference = or(zonePreference, true);
    ejectAfterErrors = or(ejectAfterErrors, 5);
    ejectionSeconds = or(ejectionSeconds, 10);
    maxEjectedShare = or(maxEjectedShare, 0.5);
    tryTimeoutMs = or(tryTimeoutMs, 5_000);
    deadlineMs = or(deadlineMs, 30_000);
    maxTries = or(maxTries, 3);
    retryBudget = or(retryBudget, 0.2);
    hedgeAfterP95 = or(hedgeAfterP95, false);
    Violations violations = new Violations();
    violations.requireMember(
        hashOn.matches(HEADER), "hash_on", "must be client_ip, path or a header's name");
    if (boundedLoad != 0) {
      check(violations, "bounded_load", boundedLoad, 1.05, 10);
    }
    check(violations, "slow_start_seconds", slowStartSeconds, 0, 3600);
    check(violations, "panic_threshold", panicThreshold, 0, 1);
    check(violations, "eject_after_errors", ejectAfterErrors, 1, 1000);
    check(violations, "ejection_seconds", ejectionSeconds, 1, 3600);
    check(violations, "max_ejected_share", maxEjectedShare, 0, 1);
    check(violations, "try_timeout_ms", tryTimeoutMs, 10, 600_000);
    check(violations, "deadline_ms", deadlineMs, 10, 3_600_000);
    check(violations, "max_tries", maxTries, 1, 5);
    check(violations, "retry_budget", retryBudget, 0, 1);
    violations.raise();
  }

  /// Everything at its default but the strategy.
  public static Policy of(StrategyName strategy) {
    return new Policy(
        strategy, null, null, null, null, null, null, null, null, null, null, null, null, null);
  }

  private static <T> T or(T value, T initial) {
    return value == null ? initial : value;
  }

  private static void check(
      Violations violations, String name, Number value, double min, double max) {
    violations.requireMember(
        value.doubleValue() >= min && value.doubleValue() <= max,
        name,
        "must be from " + text(min) + " to " + text(max));
  }

  private static String text(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }
}
