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

/// Gives the connection back when the body has been read to its end, and ends it when the answer is
/// closed before.
final class UpstreamResponse implements Upstream.Answer {

  private static final Duration USUAL_REST = Duration.ofMinutes(3);

  /// What may be on its way while an instance closes.
  private static final long REST_MARGIN_SECONDS = 1;

  private final ConnectionPool.Lease connection;
  private final ClassicHttpResponse response;
  private final boolean again;
  private boolean done;

  UpstreamResponse(ConnectionPool.Lease connection, ClassicHttpResponse response, boolean again) {
    this.connection = connection;
    this.response = response;
    this.again = again;
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
    return new Ending(
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
    if (again) {
      connection.keep(rest());
    } else {
      connection.discard();
    }
  }

  /// How long the instance says that it keeps an idle connection.
  private Duration rest() {
    Header hint = response.getFirstHeader("Keep-Alive");
    if (hint == null || hint.getValue() == null) {
      return USUAL_REST;
    }
    for (String part : hint.getValue().split("[,;]")) {
      String parameter = part.strip();
      if (parameter.matches("timeout=\\d{1,6}")) {
        long seconds = Long.parseLong(parameter.substring("timeout=".length()));
        return Duration.ofSeconds(Math.max(0, seconds - REST_MARGIN_SECONDS));
      }
    }
    return USUAL_REST;
  }

  /// The body, which frees the connection with its end.
  private final class Ending extends InputStream {

    private final InputStream in;

    Ending(InputStream in) {
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
