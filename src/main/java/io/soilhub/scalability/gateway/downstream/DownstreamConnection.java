package io.soilhub.scalability.gateway.downstream;

import io.soilhub.scalability.gateway.proxy.BoundedChunks;
import io.soilhub.scalability.gateway.proxy.Deadlines;
import io.soilhub.scalability.platform.core.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Optional;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.impl.io.ChunkedInputStream;
import org.apache.hc.core5.http.impl.io.ContentLengthInputStream;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;
import org.apache.hc.core5.http.impl.io.SessionOutputBufferImpl;

/// One connection to the gateway's own port: reads one request after the other, on a thread of its
/// own. Every wait has a bound: for a request, for its head as a whole, for a part of its body,
/// and, by the gateway, for the whole exchange.
final class DownstreamConnection implements Runnable {

  private static final Logger LOG = System.getLogger(DownstreamConnection.class.getName());
  private static final int BUFFER = 4 * 1024;
  private static final int IDLE_MS = 60_000;
  private static final int READ_MS = 30_000;
  private static final int LINGER_MS = 1_000;

  private final WatchedSocket client;
  private final RequestHandler handler;
  private final Deadlines deadlines;
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final String peer;
  private final SessionInputBufferImpl inBuffer = new SessionInputBufferImpl(BUFFER);
  private final SessionOutputBufferImpl outBuffer = new SessionOutputBufferImpl(BUFFER);
  private volatile boolean idle = true;
  private volatile boolean stopping;

  DownstreamConnection(WatchedSocket client, RequestHandler handler, Deadlines deadlines)
      throws IOException {
    this.client = client;
    this.handler = handler;
    this.deadlines = deadlines;
    this.socket = client.socket();
    this.in = client.in();
    this.out = client.out();
    this.peer = socket.getInetAddress().getHostAddress();
  }

  WatchedSocket client() {
    return client;
  }

  /// Address of the other end.
  String peer() {
    return peer;
  }

  boolean isStopping() {
    return stopping;
  }

  /// Lets the exchange that is under way be the last.
  void stop() {
    stopping = true;
    if (idle) {
      client.cut();
    }
  }

  @Override
  public void run() {
    try (socket) {
      while (awaitRequest()) {
        if (!serve()) {
          return;
        }
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the client disconnected", e);
    }
  }

  ResponseWriter respond(ResponseWriter.Head head) {
    return new ResponseWriter(head, outBuffer, out);
  }

  /// @return false when there is none
  private boolean awaitRequest() throws IOException {
    if (inBuffer.hasBufferedData()) {
      return !stopping;
    }
    idle = true;
    if (stopping) {
      return false;
    }
    socket.setSoTimeout(IDLE_MS);
    try {
      return inBuffer.fillBuffer(in) >= 0;
    } catch (SocketTimeoutException _) {
      return false;
    } finally {
      idle = false;
    }
  }

  /// @return whether another request may follow
  private boolean serve() throws IOException {
    socket.setSoTimeout(READ_MS);
    Optional<RequestHead> head = readHead();
    if (head.isEmpty()) {
      return false;
    }
    boolean more = handler.serve(this, head.get(), body(head.get()));
    if (!more) {
      linger();
    }
    return more;
  }

  private Optional<RequestHead> readHead() throws IOException {
    try (Deadlines.Limit limit = deadlines.in(READ_MS).watch()) {
      limit.onCut(client::cut);
      return RequestHead.read(inBuffer, in);
    } catch (MessageConstraintException _) {
      refuse(Problem.Kind.HEAD_TOO_LARGE, "head-too-large", "The head is too long.");
    } catch (StrictLineReader.MalformedLine e) {
      refuse(Problem.Kind.MALFORMED, "malformed-request", "It is no HTTP/1.1: " + e.getMessage());
    }
    linger();
    return Optional.empty();
  }

  private void refuse(Problem.Kind kind, String type, String detail) {
    handler.refuse(this, new Problem(kind, type, detail));
  }

  private RequestBody body(RequestHead head) {
    return switch (head.framing()) {
      case RequestHead.Framing.Length(long length) ->
          new RequestBody(
              new ContentLengthInputStream(inBuffer, in, length), length, out, head.isAwaiting());
      case RequestHead.Framing.Chunked() ->
          new RequestBody(
              new BoundedChunks(
                  new ChunkedInputStream(StrictLineReader.ofChunks(inBuffer), in), this::consumed),
              -1,
              out,
              head.isAwaiting());
      case RequestHead.Framing.Unknown() -> RequestBody.unknown();
    };
  }

  /// Bytes that were taken out of the connection.
  private long consumed() {
    return inBuffer.getMetrics().getBytesTransferred() - inBuffer.length();
  }

  /// Reads what the client still sends, for a moment. Closing at once would reset the connection,
  /// and the client could lose the response.
  private void linger() {
    try (Deadlines.Limit limit = deadlines.in(LINGER_MS).watch()) {
      limit.onCut(client::cut);
      outBuffer.flush(out);
      socket.shutdownOutput();
      socket.setSoTimeout(LINGER_MS);
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the client disconnected", e);
    }
  }
}
