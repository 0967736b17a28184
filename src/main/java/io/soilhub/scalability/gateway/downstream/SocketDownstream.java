package io.soilhub.scalability.gateway.downstream;

import io.soilhub.scalability.gateway.proxy.ClientDisconnected;
import io.soilhub.scalability.gateway.proxy.DownstreamExchange;
import io.soilhub.scalability.gateway.proxy.Field;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.http.Authority;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hc.core5.http.protocol.HttpDateGenerator;

/// A caller at the gateway's own port.
final class SocketDownstream implements DownstreamExchange {

  private static final int LEFT = 499;

  private final DownstreamConnection connection;
  private final RequestHead head;
  private final RequestBody body;
  private final String requestId;
  private final Problem.Page problems;
  private Set<String> secret = Set.of();
  private Optional<ResponseWriter> answer = Optional.empty();
  private boolean closing;
  private boolean whole;

  SocketDownstream(
      DownstreamConnection connection,
      RequestHead head,
      RequestBody body,
      String requestId,
      Problem.Page problems) {
    this.connection = connection;
    this.head = head;
    this.body = body;
    this.requestId = requestId;
    this.problems = problems;
    this.closing = !head.isPersistent();
  }

  /// Who calls is known.
  void admitted(Set<String> shown) {
    secret = shown;
  }

  /// Whether the next request may be read from the connection.
  boolean isReusable() {
    return whole && !closing && body.ended();
  }

  /// Status of the answer. One of a caller who left before there was any is logged and counted as
  /// nginx does it.
  int status() {
    return answer.map(ResponseWriter::status).orElse(LEFT);
  }

  /// Bytes of the answer's body.
  long written() {
    return answer.map(ResponseWriter::written).orElse(0L);
  }

  @Override
  public boolean isGone() {
    return connection.isGone();
  }

  @Override
  public String method() {
    return head.method();
  }

  @Override
  public String path() {
    return head.path();
  }

  @Override
  public Optional<String> query() {
    return head.query();
  }

  @Override
  public List<Field> fields() {
    return head.fields();
  }

  @Override
  public String peer() {
    return connection.peer();
  }

  @Override
  public String host() {
    return head.sentTo().map(Authority::toString).orElse("");
  }

  @Override
  public String scheme() {
    return "http";
  }

  @Override
  public String requestId() {
    return requestId;
  }

  @Override
  public Set<String> secret() {
    return secret;
  }

  /// Bodies pass as they were sent.
  @Override
  public boolean unpacks() {
    return false;
  }

  @Override
  public InputStream body() {
    return body;
  }

  /// The head is kept back until there is something behind it: until then a problem can take its
  /// place.
  @Override
  public void begin(int status, List<Field> fields, long length) {
    closing |= !body.ended() || connection.isStopping();
    answer =
        Optional.of(
            connection.answer(
                new ResponseWriter.Head(
                    status,
                    fields,
                    requestId,
                    length,
                    head.method().equals("HEAD") || status == 204 || status == 304,
                    head.http10(),
                    closing)));
    closing |= answer.get().endsConnection();
  }

  @Override
  public boolean begun() {
    return answer.filter(ResponseWriter::begun).isPresent();
  }

  @Override
  public void write(byte[] bytes, int count) throws ClientDisconnected {
    try {
      answer.orElseThrow().write(bytes, count);
    } catch (IOException e) {
      throw gone(e);
    }
  }

  @Override
  public void flush() throws ClientDisconnected {
    try {
      answer.orElseThrow().flush();
    } catch (IOException e) {
      throw gone(e);
    }
  }

  @Override
  public void end() throws ClientDisconnected {
    try {
      answer.orElseThrow().end();
      whole = true;
    } catch (IOException e) {
      throw gone(e);
    }
  }

  @Override
  public void refuse(Problem problem) throws ClientDisconnected {
    closing |= problem.kind() == Problem.Kind.MALFORMED;
    byte[] page = problems.body(problem, head.path(), requestId);
    List<Field> fields = new ArrayList<>();
    fields.add(new Field("Date", HttpDateGenerator.INSTANCE.getCurrentDate()));
    fields.add(new Field("Content-Type", "application/problem+json"));
    fields.add(new Field("X-Content-Type-Options", "nosniff"));
    problem.retryAfterField().ifPresent(seconds -> fields.add(new Field("Retry-After", seconds)));
    begin(problem.kind().status(), fields, page.length);
    if (!head.method().equals("HEAD")) {
      write(page, page.length);
    }
    end();
  }

  @Override
  public void breakOff() {
    closing = true;
    connection.breakOff(answer.filter(ResponseWriter::endsWithConnection).isPresent());
  }

  @Override
  public void cut() {
    connection.cut();
  }

  private ClientDisconnected gone(IOException cause) {
    closing = true;
    return new ClientDisconnected(cause);
  }
}
