package io.soilhub.scalability.gateway.proxy;

import io.soilhub.scalability.balancing.fleet.TrackedRequest;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// A request at one instance with what came of it. The instance is judged when its answer begins.
final class UpstreamAttempt implements AutoCloseable {

  private enum State {
    RUNNING,
    DONE,
    ABANDONED
  }

  private final TrackedRequest trackedRequest;
  private final Deadlines.Limit limit;
  private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
  private Optional<Upstream.Answer> answer = Optional.empty();
  private Optional<UpstreamFailure> fault = Optional.empty();

  UpstreamAttempt(TrackedRequest trackedRequest, Deadlines.Limit limit) {
    this.trackedRequest = trackedRequest;
    this.limit = limit;
  }

  TrackedRequest trackedRequest() {
    return trackedRequest;
  }

  Optional<Upstream.Answer> answer() {
    return answer;
  }

  Optional<UpstreamFailure> fault() {
    return fault;
  }

  /// Whether there is an answer, and not one that says that the instance failed.
  boolean isGood() {
    return answer.filter(begun -> begun.status() < 500).isPresent();
  }

  /// Sends the request and waits until the answer begins.
  ///
  /// @throws ClientDisconnected when the request's body cannot be read
  void send(Upstream upstream, Upstream.Outgoing request, int timeoutMillis)
      throws ClientDisconnected {
    try {
      Upstream.Answer begun =
          upstream.send(trackedRequest.instance().target(), request, timeoutMillis, limit);
      trackedRequest.answered(begun.status() < 500);
      answer = Optional.of(begun);
    } catch (UpstreamFailure e) {
      trackedRequest.failed(e.kind() == UpstreamFailure.Kind.LATE);
      fault = Optional.of(e);
    } finally {
      if (!state.compareAndSet(State.RUNNING, State.DONE)) {
        close();
      }
    }
  }

  /// Sending it failed for another reason than the network.
  void broke(RuntimeException cause) {
    trackedRequest.failed(false);
    fault = Optional.of(new UpstreamFailure(UpstreamFailure.Kind.BROKEN, cause));
  }

  /// Gives it up because another one was quicker. To be called from another thread than [#send].
  void abandon() {
    trackedRequest.overtaken();
    limit.cut();
    if (!state.compareAndSet(State.RUNNING, State.ABANDONED)) {
      close();
    }
  }

  @Override
  public void close() {
    limit.close();
    answer.ifPresent(Upstream.Answer::close);
    trackedRequest.close();
  }
}
