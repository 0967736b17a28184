package io.soilhub.scalability.gateway.proxy;

import io.soilhub.scalability.balancing.fleet.TrackedRequest;
import io.soilhub.scalability.platform.core.Problem;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.util.List;

/// The caller's side of one forward.
final class ResponseRelay {

  private static final Logger LOG = System.getLogger(ResponseRelay.class.getName());
  private static final int BUFFER = 16 * 1024;

  private final DownstreamExchange downstreamExchange;

  ResponseRelay(DownstreamExchange downstreamExchange) {
    this.downstreamExchange = downstreamExchange;
  }

  /// Passes an answer on. One that fits the buffer is passed on when it is whole, so that one that
  /// breaks off can still become a problem; others as they arrive, with a flush where the instance
  /// pauses, so that streams of events arrive one by one.
  ///
  /// @param patienceMillis silence of the instance that is its fault when the deadline ends it
  void pass(
      Upstream.Answer answer,
      TrackedRequest trackedRequest,
      Deadlines.Deadline deadline,
      int patienceMillis)
      throws IOException {
    long length = answer.length();
    if (downstreamExchange.method().equals("HEAD")) {
      begin(answer, trackedRequest, declared(answer.headers()));
    } else if (length == 0) {
      begin(answer, trackedRequest, 0);
    } else if (length > 0 && length <= BUFFER) {
      byte[] whole = new byte[(int) length];
      Source source = new Source(answer.body(), deadline, patienceMillis);
      source.fill(whole);
      begin(answer, trackedRequest, length);
      downstreamExchange.write(whole, whole.length);
      trackedRequest.transferred(whole.length);
    } else {
      begin(answer, trackedRequest, length);
      copy(new Source(answer.body(), deadline, patienceMillis), trackedRequest, deadline);
    }
    downstreamExchange.end();
  }

  private void begin(Upstream.Answer answer, TrackedRequest trackedRequest, long length)
      throws ClientDisconnected {
    List<Field> fields = Headers.toCaller(answer.headers(), trackedRequest.instance().id());
    downstreamExchange.begin(answer.status(), fields, length);
  }

  private void copy(Source source, TrackedRequest trackedRequest, Deadlines.Deadline deadline)
      throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int got = source.read(buffer, 0); got >= 0; got = source.read(buffer, 0)) {
      downstreamExchange.write(buffer, got);
      if (source.in.available() == 0) {
        downstreamExchange.flush();
      }
      if (deadline.isOver()) {
        throw new ClientDisconnected(new SocketTimeoutException("the answer is taken too slowly"));
      }
      trackedRequest.transferred(got);
    }
  }

  /// The body of an answer, read until the deadline.
  private record Source(InputStream in, Deadlines.Deadline deadline, int patienceMillis) {

    /// Reads the whole of a body of this length, and its end, which frees the connection.
    void fill(byte[] whole) throws IOException {
      int at = 0;
      while (at < whole.length) {
        int got = read(whole, at);
        if (got < 0) {
          throw new EOFException("the answer is shorter than it says");
        }
        at += got;
      }
      if (in.read() >= 0) {
        throw new IOException("the answer is longer than it says");
      }
    }

    int read(byte[] buffer, int offset) throws IOException {
      int left = deadline.leftMillis();
      try {
        return in.read(buffer, offset, buffer.length - offset);
      } catch (IOException e) {
        if (deadline.isAbandoned()) {
          throw new ClientDisconnected(e);
        }
        if (deadline.isOver() && left < patienceMillis) {
          throw new DeadlineExceeded(e);
        }
        throw e;
      }
    }
  }

  /// Says that there is no whole answer: with a problem when nothing of it has left yet, else by
  /// what is missing at its end.
  void breakOff(Problem problem) {
    try {
      if (downstreamExchange.begun()) {
        downstreamExchange.breakOff();
      } else {
        downstreamExchange.refuse(problem);
      }
    } catch (ClientDisconnected | IllegalStateException e) {
      LOG.log(Level.DEBUG, "the caller is gone", e);
    }
  }

  /// Ends the caller's connection.
  void cut() {
    downstreamExchange.cut();
  }

  /// The answer to HEAD may tell the length of a body that is not there. None is made up: 0 would
  /// be taken for the length of what GET brings.
  private static long declared(List<Field> fields) {
    return fields.stream()
        .filter(field -> field.name().equalsIgnoreCase("content-length"))
        .filter(field -> field.value().matches("\\d{1,18}"))
        .mapToLong(field -> Long.parseLong(field.value()))
        .findFirst()
        .orElse(Body.UNKNOWN);
  }
}
