package io.soilhub.scalability.gateway.proxy;

import io.soilhub.scalability.platform.core.Problem;
import java.io.IOException;
import java.io.InputStream;

/// The body of a request on its way to an instance. It remembers whether any of it was read, and
/// reports a failure to read it as one of the client.
public final class Body extends InputStream {

  public static final long UNKNOWN = -1;

  private final InputStream in;
  private final long length;
  private final long limit;
  private final Deadlines.Deadline deadline;
  private volatile boolean touched;
  private volatile boolean ended;
  private long count;

  /// @param length in bytes, or [#UNKNOWN]
  /// @param limit bytes that it may have at most
  public Body(InputStream in, long length, long limit, Deadlines.Deadline deadline) {
    this.in = in;
    this.length = length;
    this.limit = limit;
    this.deadline = deadline;
  }

  public long length() {
    return length;
  }

  public boolean isEmpty() {
    return length == 0;
  }

  boolean touched() {
    return touched;
  }

  /// Whether all of it was read.
  public boolean ended() {
    return length == 0 || ended;
  }

  static Problem tooLarge(long limit) {
    return new Problem(
        Problem.Kind.TOO_LARGE,
        "body-too-large",
        "The body may have at most %d bytes.".formatted(limit));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  /// @throws Problem of kind TOO_LARGE beyond the limit
  @Override
  public int read(byte[] bytes, int offset, int most) throws IOException {
    touched = true;
    try {
      deadline.check();
      int got = in.read(bytes, offset, most);
      deadline.check();
      count += Math.max(0, got);
      ended = got < 0 || count == length;
      if (count > limit) {
        throw tooLarge(limit);
      }
      return got;
    } catch (IOException e) {
      throw new ClientDisconnected(e);
    }
  }
}
