package io.soilhub.scalability.gateway.proxy;

import io.soilhub.scalability.balancing.fleet.TrackedRequest;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// A request at one instance, with its response or its failure. The instance is judged when its
/// response begins. Another thread may give the attempt up; what is open is closed by whichever of
/// the two threads is done last.
final class UpstreamAttempt implements AutoCloseable {

  private enum State {
    RUNNING,
    DONE,
    ABANDONED
  }

  private final TrackedRequest tracked;
  private final Deadlines.Limit limit;
  private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
  private Optional<Upstream.Response> response = Optional.empty();
  private Optional<UpstreamFailure> failure = Optional.empty();

  UpstreamAttempt(TrackedRequest tracked, Deadlines.Limit limit) {
    this.tracked = tracked;
    this.limit = limit;
  }

  TrackedRequest tracked() {
    return tracked;
  }

  Optional<Upstream.Response> response() {
    return response;
  }

  Optional<UpstreamFailure> failure() {
    return failure;
  }

  /// Whether there is a response, and its status does not say that the instance failed.
  boolean isGood() {
    return response.filter(begun -> begun.status() < 500).isPresent();
  }

  /// Sends the request and waits until the response begins.
  ///
  /// @throws ClientDisconnected when the request's body cannot be read
  void send(Upstream upstream, Upstream.Request request, int timeoutMillis)
      throws ClientDisconnected {
    try {
      Upstream.Response begun =
          upstream.send(tracked.instance().target(), request, timeoutMillis, limit);
      tracked.answered(begun.status() < 500);
      response = Optional.of(begun);
    } catch (UpstreamFailure e) {
      tracked.failed(e.kind() == UpstreamFailure.Kind.LATE);
      failure = Optional.of(e);
    } finally {
      if (!state.compareAndSet(State.RUNNING, State.DONE)) {
        close();
      }
    }
  }

  /// Sending failed for another reason than the network.
  void fail(RuntimeException cause) {
    tracked.failed(false);
    failure = Optional.of(new UpstreamFailure(UpstreamFailure.Kind.BROKEN, cause));
  }

  /// Gives the attempt up because another one was faster. Called from another thread than [#send].
  void abandon() {
    tracked.overtaken();
    limit.cut();
    if (!state.compareAndSet(State.RUNNING, State.ABANDONED)) {
      close();
    }
  }

  @Override
  public void close() {
    limit.close();
    response.ifPresent(Upstream.Response::close);
    tracked.close();
  }
}
