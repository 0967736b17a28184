package io.soilhub.scalability.gateway.upstream;

import io.soilhub.scalability.gateway.proxy.BoundedChunks;
import io.soilhub.scalability.gateway.proxy.Field;
import io.soilhub.scalability.gateway.proxy.Upstream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;

/// A response on a pooled connection. The connection goes back to the pool when the body has been
/// read to its end, and ends when the response is closed before that.
final class UpstreamResponse implements Upstream.Response {

  private static final Duration DEFAULT_KEEP_ALIVE = Duration.ofMinutes(3);

  /// For a request that is on its way while the instance closes the connection.
  private static final long MARGIN_SECONDS = 1;

  private final ConnectionPool.Lease connection;
  private final ClassicHttpResponse response;
  private final boolean reusable;
  private boolean done;

  /// @param reusable whether the connection may be used again after this response
  UpstreamResponse(
      ConnectionPool.Lease connection, ClassicHttpResponse response, boolean reusable) {
    this.connection = connection;
    this.response = response;
    this.reusable = reusable;
    if (response.getEntity() == null || response.getEntity().getContentLength() == 0) {
      ended();
    }
  }

  @Override
  public int status() {
    return response.getCode();
  }

  @Override
  public List<Field> headers() {
    Header[] headers = response.getHeaders();
    List<Field> fields = new ArrayList<>(headers.length);
    for (Header header : headers) {
      String value = header.getValue() == null ? "" : header.getValue();
      fields.add(new Field(header.getName(), value));
    }
    return fields;
  }

  @Override
  public long length() {
    HttpEntity entity = response.getEntity();
    return entity == null ? 0 : entity.getContentLength();
  }

  @Override
  public InputStream body() throws IOException {
    HttpEntity entity = response.getEntity();
    if (entity == null) {
      return InputStream.nullInputStream();
    }
    InputStream content = entity.getContent();
    return new Content(
        entity.isChunked() ? new BoundedChunks(content, connection::consumed) : content);
  }

  @Override
  public void close() {
    if (!done) {
      done = true;
      connection.discard();
    }
  }

  private void ended() {
    if (done) {
      return;
    }
    done = true;
    if (reusable) {
      connection.keep(keepAlive());
    } else {
      connection.discard();
    }
  }

  /// How long the instance says that it keeps an idle connection.
  private Duration keepAlive() {
    Header hint = response.getFirstHeader("Keep-Alive");
    if (hint == null || hint.getValue() == null) {
      return DEFAULT_KEEP_ALIVE;
    }
    for (String part : hint.getValue().split("[,;]")) {
      String parameter = part.strip();
      if (parameter.matches("timeout=\\d{1,6}")) {
        long seconds = Long.parseLong(parameter.substring("timeout=".length()));
        return Duration.ofSeconds(Math.max(0, seconds - MARGIN_SECONDS));
      }
    }
    return DEFAULT_KEEP_ALIVE;
  }

  /// The body. Its end frees the connection.
  private final class Content extends InputStream {

    private final InputStream in;

    Content(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      if (done) {
        return -1;
      }
      int read = in.read();
      if (read < 0) {
        ended();
      }
      return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int most) throws IOException {
      if (done) {
        return -1;
      }
      int got = in.read(bytes, offset, most);
      if (got < 0) {
        ended();
      }
      return got;
    }

    @Override
    public int available() throws IOException {
      return done ? 0 : in.available();
    }
  }
}
