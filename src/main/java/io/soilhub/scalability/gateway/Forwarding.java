package io.soilhub.scalability.gateway;

import io.soilhub.scalability.fleet.Attempt;
import io.soilhub.scalability.fleet.Policy;
import io.soilhub.scalability.fleet.Pool;
import io.soilhub.scalability.platform.Problem;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executor;

/// Gets one request answered: chooses an instance, and another one when that is safe.
final class Forwarding {

  /// Where the answer goes.
  @FunctionalInterface
  interface Sink {

    /// Passes the whole answer on, and tells the attempt how much it was.
    ///
    /// @throws CallerGone when the caller does not take it
    /// @throws TimeUp when it is still arriving at the deadline
    /// @throws IOException when the instance breaks off
    void pass(Upstream.Answer answer, Attempt attempt) throws IOException;
  }

  private final Pool pool;
  private final Policy policy;
  private final Upstream upstream;
  private final Account account;
  private final Executor executor;

  /// @param executor threads for requests that are sent twice
  Forwarding(Pool pool, Upstream upstream, Account account, Executor executor) {
    this.pool = pool;
    this.policy = pool.policy();
    this.upstream = upstream;
    this.account = account;
    this.executor = executor;
  }

  /// @param key hash of what the request is to stick to
  /// @throws Problem when no instance answers; nothing has been passed to the sink then
  /// @throws IOException when the answer broke off after it had begun
  void run(long key, Upstream.Outgoing request, Deadlines.Deadline deadline, Sink sink)
      throws IOException {
    account.budget.request(policy.retryBudget());
    Set<String> tried = new HashSet<>();
    Optional<Attempt> next = Optional.of(pool.begin(key));
    Problem failure = null;
    while (next.isPresent()) {
      try (Try made = make(next.get(), tried, request, deadline)) {
        next = isRepeated(made, request) ? another(tried, deadline) : Optional.empty();
        if (next.isEmpty() && made.answer().isPresent()) {
          pass(made.attempt(), made.answer().get(), sink);
          return;
        }
        failure = made.fault().map(fault -> problem(fault.kind())).orElse(failure);
      }
    }
    throw failure;
  }

  private Try make(
      Attempt attempt, Set<String> tried, Upstream.Outgoing request, Deadlines.Deadline deadline)
      throws IOException {
    OptionalLong patience = patience(tried, request);
    Try original = begin(attempt, tried, request, deadline);
    try {
      if (patience.isEmpty()) {
        original.send(upstream, request, timeout(deadline));
        observe(original, request);
        return original;
      }
      Hedge hedge = new Hedge(executor, made -> sendEmpty(made, request, deadline), deadline);
      Try best =
          hedge.best(
              original,
              patience.getAsLong(),
              () -> another(tried, deadline).map(a -> begin(a, tried, request, deadline)));
      if (best.isGood()) {
        account.usual.observe(attempt.latencyNanos());
      }
      return best;
    } catch (IOException | RuntimeException e) {
      original.close();
      throw e;
    }
  }

  /// How long to wait for the first answer before another instance is asked as well; empty for
  /// always.
  private OptionalLong patience(Set<String> tried, Upstream.Outgoing request) {
    boolean hedged = isHedged(request) && tried.isEmpty() && policy.maxTries() > 1;
    return hedged ? account.usual.p95() : OptionalLong.empty();
  }

  private boolean isHedged(Upstream.Outgoing request) {
    return policy.hedgeAfterP95() && request.method().equals("GET") && request.body().isEmpty();
  }

  private void observe(Try made, Upstream.Outgoing request) {
    if (made.isGood() && isHedged(request)) {
      account.usual.observe(made.attempt().latencyNanos());
    }
  }

  /// A body may take its time to be sent; without one, the time for the answer runs at once.
  private Try begin(
      Attempt attempt, Set<String> tried, Upstream.Outgoing request, Deadlines.Deadline deadline) {
    tried.add(attempt.instance().id());
    int millis = request.body().isEmpty() ? timeout(deadline) : deadline.leftMillis();
    return new Try(attempt, deadline.within(millis));
  }

  private void sendEmpty(Try made, Upstream.Outgoing request, Deadlines.Deadline deadline) {
    try {
      made.send(upstream, request, timeout(deadline));
    } catch (CallerGone _) {
      // there is no body to read: it has left, as the hedge sees as well
    }
  }

  private int timeout(Deadlines.Deadline deadline) {
    return Math.min(policy.tryTimeoutMs(), deadline.leftMillis());
  }

  private static boolean isRepeated(Try made, Upstream.Outgoing request) {
    boolean touched = request.body().touched();
    return made.answer()
        .map(answer -> RetryRule.afterAnswer(request.method(), touched, answer.status()))
        .or(
            () ->
                made.fault()
                    .map(fault -> RetryRule.afterFault(request.method(), touched, fault.kind())))
        .orElse(false);
  }

  /// Another instance, paid for.
  private Optional<Attempt> another(Set<String> tried, Deadlines.Deadline deadline) {
    if (tried.size() >= policy.maxTries() || deadline.isOver() || !account.budget.spend()) {
      return Optional.empty();
    }
    Optional<Attempt> other = pool.beginOther(tried);
    if (other.isEmpty()) {
      account.budget.giveBack();
    }
    return other;
  }

  private static void pass(Attempt attempt, Upstream.Answer answer, Sink sink) throws IOException {
    try {
      sink.pass(answer, attempt);
    } catch (CallerGone | TimeUp e) {
      throw e;
    } catch (IOException e) {
      attempt.brokeOff();
      throw e;
    }
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
