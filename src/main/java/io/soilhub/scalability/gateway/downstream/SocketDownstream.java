package io.soilhub.scalability.gateway.downstream;

import io.soilhub.scalability.gateway.proxy.ClientDisconnected;
import io.soilhub.scalability.gateway.proxy.DownstreamExchange;
import io.soilhub.scalability.gateway.proxy.Field;
import io.soilhub.scalability.platform.core.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hc.core5.http.protocol.HttpDateGenerator;

/// The client's side of one request at the gateway's own port.
final class SocketDownstream implements DownstreamExchange {

  private static final Logger LOG = System.getLogger(SocketDownstream.class.getName());
  private static final int CLIENT_CLOSED_REQUEST = 499;

  private final DownstreamConnection connection;
  private final WatchedSocket client;
  private final RequestHead head;
  private final RequestBody body;
  private final String requestId;
  private final Problem.Page problems;
  private Optional<ResponseWriter> response = Optional.empty();
  private boolean closing;
  private boolean whole;

  SocketDownstream(
      DownstreamConnection connection,
      RequestHead head,
      RequestBody body,
      String requestId,
      Problem.Page problems) {
    this.connection = connection;
    this.client = connection.client();
    this.head = head;
    this.body = body;
    this.requestId = requestId;
    this.problems = problems;
    this.closing = !head.isPersistent();
  }

  String requestId() {
    return requestId;
  }

  /// Whether the next request may be read from the connection.
  boolean isReusable() {
    return whole && !closing && body.ended();
  }

  /// Status of the response. A client that disconnected before there was one is logged and counted
  /// as nginx does it.
  int status() {
    return response.map(ResponseWriter::status).orElse(CLIENT_CLOSED_REQUEST);
  }

  /// Bytes of the response's body.
  long written() {
    return response.map(ResponseWriter::written).orElse(0L);
  }

  @Override
  public InputStream body() {
    return body;
  }

  /// The head is kept back until something is written: until then a problem can take its place.
  @Override
  public void begin(int status, List<Field> fields, long length) {
    closing |= !body.ended() || connection.isStopping();
    ResponseWriter begun =
        connection.respond(
            new ResponseWriter.Head(
                status,
                fields,
                requestId,
                length,
                head.method().equals("HEAD") || status == 204 || status == 304,
                head.http10(),
                closing));
    response = Optional.of(begun);
    closing |= begun.endsConnection();
  }

  @Override
  public void write(byte[] bytes, int count) throws ClientDisconnected {
    try {
      response.orElseThrow().write(bytes, count);
    } catch (IOException e) {
      throw disconnected(e);
    }
  }

  @Override
  public void flush() throws ClientDisconnected {
    try {
      response.orElseThrow().flush();
    } catch (IOException e) {
      throw disconnected(e);
    }
  }

  @Override
  public void end() throws ClientDisconnected {
    try {
      response.orElseThrow().end();
      whole = true;
    } catch (IOException e) {
      throw disconnected(e);
    }
  }

  @Override
  public void fail(Problem problem) {
    if (response.filter(ResponseWriter::begun).isPresent()) {
      closing = true;
      response.get().abort(client);
      return;
    }
    try {
      respond(problem);
    } catch (ClientDisconnected e) {
      LOG.log(Level.DEBUG, "the client disconnected", e);
    }
  }

  private void respond(Problem problem) throws ClientDisconnected {
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
  public boolean isGone() {
    return client.isGone();
  }

  @Override
  public void cut() {
    client.cut();
  }

  private ClientDisconnected disconnected(IOException cause) {
    closing = true;
    return new ClientDisconnected(cause);
  }
}
