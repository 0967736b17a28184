package io.soilhub.scalability.gateway.proxy;

import io.soilhub.scalability.balancing.fleet.TrackedRequest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.List;

/// Relays one response from the instance to the client. A response that fits the buffer is sent
/// when it is whole, so that one that breaks off can still become a problem. Others are sent as
/// they arrive, with a flush where the instance pauses, so that events of a stream arrive one by
/// one.
final class ResponseRelay {

  private static final int BUFFER = 16 * 1024;

  private final Upstream.Response response;
  private final TrackedRequest tracked;
  private final DownstreamExchange downstream;
  private final Deadlines.Deadline deadline;
  private final int patienceMillis;

  /// @param attempt with a response
  /// @param patienceMillis a silence of this length when the deadline passes is the instance's
  ///   failure
  ResponseRelay(
      UpstreamAttempt attempt,
      DownstreamExchange downstream,
      Deadlines.Deadline deadline,
      int patienceMillis) {
    this.response = attempt.response().orElseThrow();
    this.tracked = attempt.tracked();
    this.downstream = downstream;
    this.deadline = deadline;
    this.patienceMillis = patienceMillis;
  }

  /// @param method of the request
  /// @throws ClientDisconnected when the client does not take the response
  /// @throws DeadlineExceeded when the response is still arriving at the deadline
  /// @throws IOException when the instance breaks off, which counts as its failure
  void relay(String method) throws IOException {
    try {
      long length = response.length();
      if (method.equals("HEAD")) {
        begin(declaredLength());
      } else if (length == 0) {
        begin(0);
      } else if (length > 0 && length <= BUFFER) {
        sendWhole(response.body(), new byte[(int) length]);
      } else {
        begin(length);
        stream(response.body());
      }
      downstream.end();
    } catch (ClientDisconnected | DeadlineExceeded e) {
      throw e;
    } catch (IOException e) {
      tracked.brokeOff();
      throw e;
    }
  }

  private void begin(long length) throws ClientDisconnected {
    List<Field> fields = Headers.toClient(response.headers(), tracked.instance().id());
    downstream.begin(response.status(), fields, length);
  }

  /// Reads the body to its end, which frees the connection, before anything is sent.
  private void sendWhole(InputStream in, byte[] whole) throws IOException {
    int at = 0;
    while (at < whole.length) {
      int got = read(in, whole, at);
      if (got < 0) {
        throw new EOFException("the response is shorter than it says");
      }
      at += got;
    }
    if (in.read() >= 0) {
      throw new IOException("the response is longer than it says");
    }
    begin(whole.length);
    downstream.write(whole, whole.length);
    tracked.transferred(whole.length);
  }

  private void stream(InputStream in) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int got = read(in, buffer, 0); got >= 0; got = read(in, buffer, 0)) {
      downstream.write(buffer, got);
      if (in.available() == 0) {
        downstream.flush();
      }
      if (deadline.isOver()) {
        throw new ClientDisconnected(
            new SocketTimeoutException("the client takes the response too slowly"));
      }
      tracked.transferred(got);
    }
  }

  private int read(InputStream in, byte[] buffer, int offset) throws IOException {
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

  /// The response to HEAD may declare the length of a body that is not sent. Without one, none is
  /// made up: 0 would be taken for the length of what GET returns.
  private long declaredLength() {
    return response.headers().stream()
        .filter(field -> field.name().equalsIgnoreCase("content-length"))
        .filter(field -> field.value().matches("\\d{1,18}"))
        .mapToLong(field -> Long.parseLong(field.value()))
        .findFirst()
        .orElse(Body.UNKNOWN);
  }
}
