package io.soilhub.scalability.gateway.proxy;

import io.soilhub.scalability.balancing.fleet.Policy;
import io.soilhub.scalability.balancing.fleet.Pool;
import io.soilhub.scalability.balancing.fleet.TrackedRequest;
import io.soilhub.scalability.platform.core.Problem;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executor;

/// Gets one request answered: chooses an instance, and another one when that is safe.
final class RetryingForwarder {

  /// Where the answer goes.
  @FunctionalInterface
  interface Sink {

    /// Passes the whole answer on, and tells the attempt how much it was.
    ///
    /// @throws ClientDisconnected when the caller does not take it
    /// @throws DeadlineExceeded when it is still arriving at the deadline
    /// @throws IOException when the instance breaks off
    void pass(Upstream.Answer answer, TrackedRequest trackedRequest) throws IOException;
  }

  private final Pool pool;
  private final Policy policy;
  private final Upstream upstream;
  private final ServiceState serviceState;
  private final Executor executor;

  /// @param executor threads for requests that are sent twice
  RetryingForwarder(Pool pool, Upstream upstream, ServiceState serviceState, Executor executor) {
    this.pool = pool;
    this.policy = pool.policy();
    this.upstream = upstream;
    this.serviceState = serviceState;
    this.executor = executor;
  }

  /// @param key hash of what the request is to stick to
  /// @throws Problem when no instance answers; nothing has been passed to the sink then
  /// @throws IOException when the answer broke off after it had begun
  void run(long key, Upstream.Outgoing request, Deadlines.Deadline deadline, Sink sink)
      throws IOException {
    serviceState.budget.request(policy.retryBudget());
    Set<String> tried = new HashSet<>();
    Optional<TrackedRequest> next = Optional.of(pool.begin(key));
    Problem failure = null;
    while (next.isPresent()) {
      try (UpstreamAttempt made = make(next.get(), tried, request, deadline)) {
        next = isRepeated(made, request) ? another(tried, deadline) : Optional.empty();
        if (next.isEmpty() && made.answer().isPresent()) {
          pass(made.trackedRequest(), made.answer().get(), sink);
          return;
        }
        failure =
            made.fault().map(upstreamFailure -> problem(upstreamFailure.kind())).orElse(failure);
      }
    }
    throw failure;
  }

  private UpstreamAttempt make(
      TrackedRequest trackedRequest,
      Set<String> tried,
      Upstream.Outgoing request,
      Deadlines.Deadline deadline)
      throws IOException {
    OptionalLong patience = patience(tried, request);
    UpstreamAttempt original = begin(trackedRequest, tried, request, deadline);
    try {
      if (patience.isEmpty()) {
        original.send(upstream, request, timeout(deadline));
        observe(original, request);
        return original;
      }
      HedgedRequest hedge =
          new HedgedRequest(executor, made -> sendEmpty(made, request, deadline), deadline);
      UpstreamAttempt best =
          hedge.best(
              original,
              patience.getAsLong(),
              () -> another(tried, deadline).map(a -> begin(a, tried, request, deadline)));
      if (best.isGood()) {
        serviceState.usual.observe(trackedRequest.latencyNanos());
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
    return hedged ? serviceState.usual.p95() : OptionalLong.empty();
  }

  private boolean isHedged(Upstream.Outgoing request) {
    return policy.hedgeAfterP95() && request.method().equals("GET") && request.body().isEmpty();
  }

  private void observe(UpstreamAttempt made, Upstream.Outgoing request) {
    if (made.isGood() && isHedged(request)) {
      serviceState.usual.observe(made.trackedRequest().latencyNanos());
    }
  }

  /// A body may take its time to be sent; without one, the time for the answer runs at once.
  private UpstreamAttempt begin(
      TrackedRequest trackedRequest,
      Set<String> tried,
      Upstream.Outgoing request,
      Deadlines.Deadline deadline) {
    tried.add(trackedRequest.instance().id());
    int millis = request.body().isEmpty() ? timeout(deadline) : deadline.leftMillis();
    return new UpstreamAttempt(trackedRequest, deadline.within(millis));
  }

  private void sendEmpty(
      UpstreamAttempt made, Upstream.Outgoing request, Deadlines.Deadline deadline) {
    try {
      made.send(upstream, request, timeout(deadline));
    } catch (ClientDisconnected _) {
      // there is no body to read: it has left, as the hedge sees as well
    }
  }

  private int timeout(Deadlines.Deadline deadline) {
    return Math.min(policy.tryTimeoutMs(), deadline.leftMillis());
  }

  private static boolean isRepeated(UpstreamAttempt made, Upstream.Outgoing request) {
    boolean touched = request.body().touched();
    return made.answer()
        .map(answer -> RetryRule.afterAnswer(request.method(), touched, answer.status()))
        .or(
            () ->
                made.fault()
                    .map(
                        upstreamFailure ->
                            RetryRule.afterFault(
                                request.method(), touched, upstreamFailure.kind())))
        .orElse(false);
  }

  /// Another instance, paid for.
  private Optional<TrackedRequest> another(Set<String> tried, Deadlines.Deadline deadline) {
    if (tried.size() >= policy.maxTries() || deadline.isOver() || !serviceState.budget.spend()) {
      return Optional.empty();
    }
    Optional<TrackedRequest> other = pool.beginOther(tried);
    if (other.isEmpty()) {
      serviceState.budget.giveBack();
    }
    return other;
  }

  private static void pass(TrackedRequest trackedRequest, Upstream.Answer answer, Sink sink)
      throws IOException {
    try {
      sink.pass(answer, trackedRequest);
    } catch (ClientDisconnected | DeadlineExceeded e) {
      throw e;
    } catch (IOException e) {
      trackedRequest.brokeOff();
      throw e;
    }
  }

  private static Problem problem(UpstreamFailure.Kind kind) {
    return kind == UpstreamFailure.Kind.LATE
        ? new Problem(
            Problem.Kind.GATEWAY_TIMEOUT, "instance-late", "No instance answered in time.")
        : new Problem(
            Problem.Kind.BAD_GATEWAY,
            "instance-failed",
            kind == UpstreamFailure.Kind.UNREACHED
                ? "No instance can be reached."
                : "The instance broke off before it answered.");
  }
}
