package io.soilhub.scalability.api;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;

/// A body that throws a problem of kind TOO_LARGE at the first byte over its limit.
final class BoundedBody extends ServletInputStream {

  private final ServletInputStream body;
  private final long limit;
  private long read;

  BoundedBody(ServletInputStream body, long limit) {
    this.body = body;
    this.limit = limit;
  }

  @Override
  public int read() throws IOException {
    int value = body.read();
    if (value >= 0) {
      count(1);
    }
    return value;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int got = body.read(bytes, offset, length);
    if (got > 0) {
      count(got);
    }
    return got;
  }

  @Override
  public boolean isFinished() {
    return body.isFinished();
  }

  @Override
  public boolean isReady() {
    return body.isReady();
  }

  @Override
  public void setReadListener(ReadListener listener) {
    body.setReadListener(listener);
  }

  private void count(int got) {
    read += got;
    if (read > limit) {
      throw RequestLimits.tooLarge(limit);
    }
  }
}
