package io.soilhub.scalability.gateway.upstream;

import io.soilhub.scalability.gateway.proxy.Field;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.outbound.HappyEyeballs;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.impl.io.MonitoringResponseOutOfOrderStrategy;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.ResponseOutOfOrderStrategy;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.io.CloseMode;

/// One connection to an instance, with one request after the other. It is that of a channel, so
/// that it can be asked without a wait whether the instance has closed it.
final class UpstreamConnection {

  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final long OLDEST = TimeUnit.MINUTES.toNanos(5);

  /// So that the server, which takes 100 fields in all and adds some, can send each response as
  /// well.
  private static final int MOST_FIELDS = 80;

  private static final int LONGEST_LINE = 16 * 1024;
  private static final int LONGEST_HEAD = 64 * 1024;
  private static final int HIGHEST_STATUS = 999;

  /// Bounds what an instance may make us hold before its answer begins.
  private static final Http1Config HEADS =
      Http1Config.custom()
          .setBufferSize(16 * 1024)
          .setMaxLineLength(LONGEST_LINE)
          .setMaxHeaderCount(MOST_FIELDS + 1) // which is one too many
          .build();

  /// An instance may answer before it has taken the body, as with 413. In a body of chunks that is
  /// not looked for: HttpCore would end the rest as if it were whole.
  private static final ResponseOutOfOrderStrategy EARLY_ANSWERS =
      (request, connection, in, sent, next) ->
          request.containsHeader("Content-Length")
              && MonitoringResponseOutOfOrderStrategy.INSTANCE.isEarlyResponseDetected(
                  request, connection, in, sent, next);

  private final DefaultBHttpClientConnection http =
      new DefaultBHttpClientConnection(
          HEADS,
          null,
          StandardCharsets.ISO_8859_1.newEncoder(),
          null,
          null,
          EARLY_ANSWERS,
          null,
          _ -> parser());
  private final ByteBuffer unasked = ByteBuffer.allocate(1);
  private final HappyEyeballs opening;
  private final long since;
  private Optional<SessionInputBuffer> input = Optional.empty();
  private volatile Optional<SocketChannel> channel = Optional.empty();
  private volatile boolean ended;
  private long restSince;
  private long restUntil;

  UpstreamConnection(Ticker ticker) {
    this.opening = new HappyEyeballs(ticker);
    this.since = ticker.nanos();
  }

  DefaultBHttpClientConnection http() {
    return http;
  }

  boolean isOpen() {
    return http.isOpen();
  }

  /// Connects to the address that accepts first.
  void connect(List<InetAddress> addresses, int port) throws IOException {
    SocketChannel opened = opening.connect(addresses, port, CONNECT);
    channel = Optional.of(opened);
    try {
      if (ended) {
        throw new IOException("ended before it was connected");
      }
      opened.socket().setTcpNoDelay(true);
      http.bind(opened.socket());
    } catch (IOException e) {
      opened.close();
      throw e;
    }
  }

  /// Of the other end, once it is connected.
  InetAddress address() {
    return channel.orElseThrow().socket().getInetAddress();
  }

  /// It is idle from now on.
  ///
  /// @param longest that the instance keeps it, as far as is known
  void rest(long now, Duration longest) {
    restSince = now;
    restUntil = now + longest.toNanos();
  }

  /// Whether it was idle for long enough to be closed.
  boolean isExpired(long now, Duration longest) {
    return now - restSince >= longest.toNanos() || now - restUntil >= 0;
  }

  /// Whether another request may use it.
  boolean isUsable(long now) {
    return now - since <= OLDEST && now - restUntil <= 0 && isSilent();
  }

  /// Whether the instance has neither closed it nor sent anything, which would be taken for the
  /// next response. Only a read tells; one that does not wait costs a system call.
  private boolean isSilent() {
    if (input.filter(buffer -> buffer.length() > 0).isPresent()) {
      return false;
    }
    try {
      SocketChannel looked = channel.orElseThrow();
      looked.configureBlocking(false);
      int got = looked.read(unasked.clear());
      looked.configureBlocking(true);
      return got == 0;
    } catch (IOException _) {
      return false;
    }
  }

  /// Bytes that were taken out of it.
  long consumed() {
    return input
        .map(buffer -> buffer.getMetrics().getBytesTransferred() - buffer.length())
        .orElse(0L);
  }

  void end() {
    ended = true;
    opening.close();
    http.close(CloseMode.IMMEDIATE);
    channel.ifPresent(UpstreamConnection::close);
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException _) {
      // then it is no more
    }
  }

  /// Parses as usual, refuses what may not be relayed, and remembers the buffer that the connection
  /// reads through.
  private HttpMessageParser<ClassicHttpResponse> parser() {
    HttpMessageParser<ClassicHttpResponse> usual =
        new DefaultHttpResponseParserFactory(HEADS).create();
    return (buffer, in) -> {
      input = Optional.of(buffer);
      long before = consumed();
      ClassicHttpResponse head = usual.parse(buffer, in);
      if (head != null) {
        check(head, consumed() - before);
      }
      return head;
    };
  }

  /// The library accepts any names and values, and reads a field whose name is almost
  /// `Transfer-Encoding` as another field; the next reader may not.
  private static void check(ClassicHttpResponse head, long length) throws ProtocolException {
    if (length > LONGEST_HEAD) {
      throw new ProtocolException("The head of the answer is too long");
    }
    if (head.getCode() == HttpStatus.SC_SWITCHING_PROTOCOLS) {
      throw new ProtocolException("The instance changes the protocol without being asked");
    }
    if (head.getCode() > HIGHEST_STATUS) {
      throw new ProtocolException("The status has more than three digits");
    }
    for (Header header : head.getHeaders()) {
      String value = header.getValue();
      if (!Field.isWellFormed(header.getName(), value == null ? "" : value)) {
        throw new ProtocolException("A field has characters that it may not have");
      }
    }
  }
}
