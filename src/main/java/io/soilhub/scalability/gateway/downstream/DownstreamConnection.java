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

/// One connection to the gateway's own port, with one request after the other, on a thread of its
/// own. No wait is without a bound: for a request, for its head as a whole, for a part of its body,
/// and, by the gateway, for all of an exchange.
final class DownstreamConnection implements Runnable {

  private static final Logger LOG = System.getLogger(DownstreamConnection.class.getName());
  private static final int BUFFER = 4 * 1024;
  private static final int IDLE_MS = 60_000;
  private static final int READ_MS = 30_000;
  private static final int LINGER_MS = 1_000;

  private final WatchedSocket watched;
  private final Socket socket;
  private final RequestHandler requestHandler;
  private final InputStream in;
  private final OutputStream out;
  private final String peer;
  private final SessionInputBufferImpl inBuffer = new SessionInputBufferImpl(BUFFER);
  private final SessionOutputBufferImpl outBuffer = new SessionOutputBufferImpl(BUFFER);
  private volatile boolean idle = true;
  private volatile boolean stopping;

  DownstreamConnection(WatchedSocket watched, RequestHandler requestHandler) throws IOException {
    this.watched = watched;
    this.socket = watched.socket();
    this.requestHandler = requestHandler;
    this.in = watched.in();
    this.out = watched.out();
    this.peer = socket.getInetAddress().getHostAddress();
  }

  String peer() {
    return peer;
  }

  /// Whether the caller has left, which is of interest while it waits.
  boolean isGone() {
    return watched.isGone();
  }

  boolean isStopping() {
    return stopping;
  }

  /// Lets the exchange that is under way be the last.
  void stop() {
    stopping = true;
    if (idle) {
      cut();
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
      LOG.log(Level.DEBUG, "the caller is gone", e);
    }
  }

  ResponseWriter answer(ResponseWriter.Head head) {
    return new ResponseWriter(head, outBuffer, out);
  }

  /// Ends an answer that is not whole.
  ///
  /// @param byReset when nothing but the end of the connection would tell the end of the answer; it
  ///   costs what the caller has not read yet
  void breakOff(boolean byReset) {
    try {
      outBuffer.flush(out);
      if (byReset) {
        socket.setSoLinger(true, 0);
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the caller is gone", e);
    }
    cut();
  }

  void cut() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a connection does not close", e);
    }
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
    boolean more = requestHandler.serve(this, head.get(), body(head.get()));
    if (!more) {
      linger();
    }
    return more;
  }

  private Optional<RequestHead> readHead() throws IOException {
    try (Deadlines.Limit limit = requestHandler.watch(READ_MS)) {
      limit.onCut(this::cut);
      return RequestHead.read(inBuffer, in);
    } catch (MessageConstraintException _) {
      requestHandler.refuse(
          this, Problem.Kind.HEAD_TOO_LARGE, "head-too-large", "The head is too long.");
    } catch (StrictLineReader.MalformedLine e) {
      requestHandler.refuse(
          this,
          Problem.Kind.MALFORMED,
          "malformed-request",
          "It is no HTTP/1.1: " + e.getMessage());
    }
    linger();
    return Optional.empty();
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

  /// Takes what the caller still sends for a moment. Closing at once would reset the connection,
  /// and the answer could be lost with it.
  private void linger() {
    try (Deadlines.Limit limit = requestHandler.watch(LINGER_MS)) {
      limit.onCut(this::cut);
      outBuffer.flush(out);
      socket.shutdownOutput();
      socket.setSoTimeout(LINGER_MS);
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the caller is gone", e);
    }
  }
}
