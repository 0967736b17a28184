package io.soilhub.scalability.gateway;

import io.soilhub.scalability.fleet.Attempt;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// A request at one instance with what came of it. The instance is judged when its answer begins.
final class Try implements AutoCloseable {

  private enum State {
    RUNNING,
    DONE,
    ABANDONED
  }

  private final Attempt attempt;
  private final Deadlines.Limit limit;
  private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
  private Optional<Upstream.Answer> answer = Optional.empty();
  private Optional<Fault> fault = Optional.empty();

  Try(Attempt attempt, Deadlines.Limit limit) {
    this.attempt = attempt;
    this.limit = limit;
  }

  Attempt attempt() {
    return attempt;
  }

  Optional<Upstream.Answer> answer() {
    return answer;
  }

  Optional<Fault> fault() {
    return fault;
  }

  /// Whether there is an answer, and not one that says that the instance failed.
  boolean isGood() {
    return answer.filter(begun -> begun.status() < 500).isPresent();
  }

  /// Sends the request and waits until the answer begins.
  ///
  /// @throws CallerGone when the request's body cannot be read
  void send(Upstream upstream, Upstream.Outgoing request, int timeoutMillis) throws CallerGone {
    try {
      Upstream.Answer begun =
          upstream.send(attempt.instance().target(), request, timeoutMillis, limit);
      attempt.answered(begun.status() < 500);
      answer = Optional.of(begun);
    } catch (Fault e) {
      attempt.failed(e.kind() == Fault.Kind.LATE);
      fault = Optional.of(e);
    } finally {
      if (!state.compareAndSet(State.RUNNING, State.DONE)) {
        close();
      }
    }
  }

  /// Sending it failed for another reason than the network.
  void broke(RuntimeException cause) {
    attempt.failed(false);
    fault = Optional.of(new Fault(Fault.Kind.BROKEN, cause));
  }

  /// Gives it up because another one was quicker. To be called from another thread than [#send].
  void abandon() {
    attempt.overtaken();
    limit.cut();
    if (!state.compareAndSet(State.RUNNING, State.ABANDONED)) {
      close();
    }
  }

  @Override
  public void close() {
    limit.close();
    answer.ifPresent(Upstream.Answer::close);
    attempt.close();
  }
}
