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

/// Sends one request until an instance responds: chooses an instance, and another one when a retry
/// is safe, within the policy's number of attempts, the retry budget and the deadline.
final class RetryingForwarder {

  private final Upstream upstream;
  private final Executor executor;
  private final Pool pool;
  private final Policy policy;
  private final ServiceState state;
  private final Upstream.Request request;
  private final Deadlines.Deadline deadline;
  private final Set<String> tried = new HashSet<>();

  /// @param executor threads for requests that are hedged
  RetryingForwarder(
      Upstream upstream,
      Executor executor,
      Pool pool,
      ServiceState state,
      Upstream.Request request,
      Deadlines.Deadline deadline) {
    this.upstream = upstream;
    this.executor = executor;
    this.pool = pool;
    this.policy = pool.policy();
    this.state = state;
    this.request = request;
    this.deadline = deadline;
  }

  /// @param key hash of what the request is to stick to
  /// @return an attempt with a response; who called closes it
  /// @throws Problem when no instance responds
  /// @throws IOException when the client disconnected, or the thread was interrupted
  UpstreamAttempt send(long key) throws IOException {
    state.budget.request(policy.retryBudget());
    UpstreamAttempt attempt = send(pool.begin(key));
    for (Optional<TrackedRequest> next = retry(attempt); next.isPresent(); next = retry(attempt)) {
      attempt.close();
      attempt = send(next.get());
    }
    if (attempt.response().isEmpty()) {
      attempt.close();
      throw problem(attempt.failure().orElseThrow().kind());
    }
    return attempt;
  }

  private UpstreamAttempt send(TrackedRequest tracked) throws IOException {
    boolean first = tried.isEmpty();
    UpstreamAttempt original = begin(tracked);
    try {
      UpstreamAttempt best = first ? hedge(original) : alone(original);
      if (isHedgeable() && best.isGood()) {
        state.latency.observe(tracked.latencyNanos());
      }
      return best;
    } catch (IOException | RuntimeException e) {
      original.close();
      throw e;
    }
  }

  private UpstreamAttempt hedge(UpstreamAttempt original) throws IOException {
    boolean hedged = isHedgeable() && policy.maxTries() > 1;
    OptionalLong patience = hedged ? state.latency.p95() : OptionalLong.empty();
    if (patience.isEmpty()) {
      return alone(original);
    }
    return new HedgedRequest(executor, this::sendWithoutBody, deadline)
        .best(original, patience.getAsLong(), () -> another().map(this::begin));
  }

  private UpstreamAttempt alone(UpstreamAttempt attempt) throws ClientDisconnected {
    attempt.send(upstream, request, timeout());
    return attempt;
  }

  private void sendWithoutBody(UpstreamAttempt attempt) {
    try {
      attempt.send(upstream, request, timeout());
    } catch (ClientDisconnected _) {
      // there is no body to read: the client has disconnected, and the hedge sees that as well
    }
  }

  private boolean isHedgeable() {
    return policy.hedgeAfterP95() && request.method().equals("GET") && request.body().isEmpty();
  }

  /// A body may take its time to be sent; without one, the time for the response runs at once.
  private UpstreamAttempt begin(TrackedRequest tracked) {
    tried.add(tracked.instance().id());
    int millis = request.body().isEmpty() ? timeout() : deadline.leftMillis();
    return new UpstreamAttempt(tracked, deadline.within(millis));
  }

  private int timeout() {
    return Math.min(policy.tryTimeoutMs(), deadline.leftMillis());
  }

  /// Another instance, when what came of the attempt may be retried.
  private Optional<TrackedRequest> retry(UpstreamAttempt attempt) {
    try {
      return isRetryable(attempt) ? another() : Optional.empty();
    } catch (RuntimeException e) {
      attempt.close();
      throw e;
    }
  }

  private boolean isRetryable(UpstreamAttempt attempt) {
    return attempt
        .response()
        .map(response -> RetryRule.afterResponse(request, response.status()))
        .or(() -> attempt.failure().map(f -> RetryRule.afterFailure(request, f.kind())))
        .orElse(false);
  }

  /// Another instance, charged to the budget.
  private Optional<TrackedRequest> another() {
    if (tried.size() >= policy.maxTries() || deadline.isOver() || !state.budget.spend()) {
      return Optional.empty();
    }
    Optional<TrackedRequest> other = pool.beginOther(tried);
    if (other.isEmpty()) {
      state.budget.giveBack();
    }
    return other;
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
