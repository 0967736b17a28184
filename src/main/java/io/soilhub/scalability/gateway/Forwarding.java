package io.soilhub.scalability.gateway;

import io.soilhub.scalability.fleet.Attempt;
import io.soilhub.scalability.fleet.Policy;
import io.soilhub.scalability.fleet.Pool;
import io.soilhub.scalability.platform.Problem;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Gets one request answered: chooses an instance, and another one when that is safe.
final class Forwarding {

  /// Where the answer goes.
  @FunctionalInterface
  interface Sink {

    /// Passes the whole answer on.
    ///
    /// @return bytes of its body
    /// @throws CallerGone when the caller does not take it; any other exception is the instance's
    long pass(Upstream.Answer answer, String instanceId) throws IOException;
  }

  private final Pool pool;
  private final Policy policy;
  private final Upstream upstream;
  private final RetryBudget budget;

  Forwarding(Pool pool, Upstream upstream, RetryBudget budget) {
    this.pool = pool;
    this.policy = pool.policy();
    this.upstream = upstream;
    this.budget = budget;
  }

  /// @param key hash of what the request is to stick to
  /// @throws Problem when no instance answers; nothing has been passed to the sink then
  /// @throws IOException when the answer broke off after it had begun
  void run(long key, Upstream.Outgoing request, Deadlines.Deadline deadline, Sink sink)
      throws IOException {
    budget.request(policy.retryBudget());
    Set<String> tried = new HashSet<>();
    Optional<Attempt> next = Optional.of(pool.begin(key));
    Problem failure = null;
    while (next.isPresent()) {
      try (Attempt attempt = next.get()) {
        tried.add(attempt.instance().id());
        boolean last = tried.size() >= policy.maxTries();
        try (Upstream.Answer answer = send(attempt, request, deadline)) {
          boolean repeat =
              RetryRule.afterAnswer(request.method(), request.body().touched(), answer.status());
          if (!repeat || !(next = another(tried, last, deadline)).isPresent()) {
            pass(attempt, answer, sink);
            return;
          }
        } catch (Fault fault) {
          failure = problem(fault.kind());
          boolean repeat =
              RetryRule.afterFault(request.method(), request.body().touched(), fault.kind());
          next = repeat ? another(tried, last, deadline) : Optional.empty();
        }
      }
    }
    throw failure;
  }

  private Upstream.Answer send(
      Attempt attempt, Upstream.Outgoing request, Deadlines.Deadline deadline)
      throws Fault, CallerGone {
    try {
      int timeout = Math.min(policy.tryTimeoutMs(), deadline.leftMillis());
      Upstream.Answer answer =
          upstream.send(attempt.instance().target(), request, timeout, deadline);
      attempt.answered(answer.status() < 500);
      return answer;
    } catch (Fault fault) {
      attempt.failed(fault.kind() == Fault.Kind.LATE);
      throw fault;
    }
  }

  private Optional<Attempt> another(Set<String> tried, boolean last, Deadlines.Deadline deadline) {
    if (last || deadline.isOver() || !budget.spend()) {
      return Optional.empty();
    }
    return pool.beginOther(tried);
  }

  private static void pass(Attempt attempt, Upstream.Answer answer, Sink sink) throws IOException {
    attempt.transferred(sink.pass(answer, attempt.instance().id()));
  }

  private static Problem problem(Fault.Kind kind) {
    return kind == Fault.Kind.LATE
        ? new Problem(
            Problem.Kind.GATEWAY_TIMEOUT, "instance-late", "No instance answered in time.")
        : new Problem(
            Problem.Kind.BAD_GATEWAY,
            "instance-failed",
            kind == Fault.Kind.UNREACHED
                ? "No instance can be reached."
                : "The instance broke off before it answered.");
  }
}
