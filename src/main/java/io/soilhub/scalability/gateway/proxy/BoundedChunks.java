package io.soilhub.scalability.gateway.proxy;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongSupplier;

/// The data of a chunked body, with a bound on what comes besides it: chunk extensions and trailer
/// fields, which are read and dropped. Without the bound a sender could make each byte of data cost
/// 16 KiB of reading.
public final class BoundedChunks extends FilterInputStream {

  private static final long ALLOWANCE = 16 * 1024;

  /// A chunk of one byte has six.
  private static final long BYTES_FOR_ONE = 32;

  private final LongSupplier consumed;
  private final long begin;
  private long data;

  /// @param chunks the data
  /// @param consumed bytes of the connection that were taken to get it, from any beginning
  public BoundedChunks(InputStream chunks, LongSupplier consumed) {
    super(chunks);
    this.consumed = consumed;
    this.begin = consumed.getAsLong();
  }

  @Override
  public int read() throws IOException {
    int read = super.read();
    count(read < 0 ? 0 : 1);
    return read;
  }

  @Override
  public int read(byte[] bytes, int offset, int most) throws IOException {
    int got = super.read(bytes, offset, most);
    count(Math.max(0, got));
    return got;
  }

  private void count(int got) throws IOException {
    data += got;
    if (consumed.getAsLong() - begin > ALLOWANCE + BYTES_FOR_ONE * data) {
      throw new IOException("the chunks bring too much besides the data");
    }
  }
}
