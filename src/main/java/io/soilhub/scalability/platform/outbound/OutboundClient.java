package io.soilhub.scalability.platform.outbound;

import io.soilhub.scalability.platform.core.Ticker;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpCoreContext;

/// Calls of other services over HTTP/1.1, each over a connection of its own. The host's name is
/// resolved once, every address of it is held against the policy, and only these are connected to;
/// over https the certificate must be of the name. No redirect is followed and no proxy asked: both
/// would lead to addresses that nobody has looked at.
public final class OutboundClient {

  /// What bounds a call.
  ///
  /// @param connect until it is connected, to whichever address
  /// @param total of all of it: look-up, connect, TLS, and the answer up to its end
  /// @param bytes of the answer's body
  public record Limits(Duration connect, Duration total, int bytes) {}

  private static final Set<String> USUALLY_WITH_BODY = Set.of("POST", "PUT", "PATCH");

  private static final Http1Config HEADS =
      Http1Config.custom().setMaxLineLength(16 * 1024).setMaxHeaderCount(200).build();

  /// Takes what of an answer is wanted.
  @FunctionalInterface
  private interface Reader<T> {
    T read(ClassicHttpResponse answer) throws IOException;
  }

  private final DnsCache dnsCache;
  private final Limits limits;
  private final SSLContext tls;
  private final Ticker ticker;
  private final HttpRequestExecutor executor = new HttpRequestExecutor();

  /// With the certificates that Java trusts, by the system's resolver.
  public OutboundClient(AddressPolicy policy, Limits limits) {
    this(DnsCache.Lookup.SYSTEM, policy, limits, trusted(), Ticker.system());
  }

  OutboundClient(
      DnsCache.Lookup lookup, AddressPolicy policy, Limits limits, SSLContext tls, Ticker ticker) {
    this.dnsCache = new DnsCache(lookup, policy, limits.total(), ticker);
    this.limits = limits;
    this.tls = tls;
    this.ticker = ticker;
  }

  /// @throws ForbiddenAddress when the policy refuses the host; nothing was sent then
  /// @throws SocketTimeoutException when it takes longer than it may
  /// @throws IOException when the other end cannot be reached, breaks off, or answers at length
  public OutboundResponse send(OutboundRequest request) throws IOException, InterruptedException {
    return within(request, this::whole);
  }

  /// The same for a caller to whom the body is of no interest: it is not read.
  public int status(OutboundRequest request) throws IOException, InterruptedException {
    return within(request, ClassicHttpResponse::getCode);
  }

  /// On a virtual thread of its own: an interrupt ends whatever that waits for, also another end
  /// that sends a byte now and then.
  private <T> T within(OutboundRequest request, Reader<T> reader)
      throws IOException, InterruptedException {
    FutureTask<T> call = new FutureTask<>(() -> exchange(request, reader));
    Thread.ofVirtual().name("outbound").start(call);
    try {
      return call.get(limits.total().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      throw new SocketTimeoutException(
          "no answer within %d ms".formatted(limits.total().toMillis()));
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException known ? known : new IOException(e.getCause());
    } finally {
      call.cancel(true);
    }
  }

  private <T> T exchange(OutboundRequest request, Reader<T> reader)
      throws IOException, HttpException {
    // Closing the socket alone waits for nothing, neither for the rest of the answer nor for TLS.
    try (Socket socket = connected(request)) {
      DefaultBHttpClientConnection connection = new DefaultBHttpClientConnection(HEADS);
      bind(connection, socket, request);
      return reader.read(executor.execute(outgoing(request), connection, HttpCoreContext.create()));
    }
  }

  private Socket connected(OutboundRequest request) throws IOException {
    try (HappyEyeballs connect = new HappyEyeballs(ticker)) {
      return connect
          .connect(dnsCache.resolve(request.host()), request.port(), limits.connect())
          .socket();
    }
  }

  private void bind(DefaultBHttpClientConnection connection, Socket socket, OutboundRequest request)
      throws IOException {
    if (!request.isSecure()) {
      connection.bind(socket);
      return;
    }
    SSLSocket secure =
        (SSLSocket)
            tls.getSocketFactory().createSocket(socket, request.host(), request.port(), true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    connection.bind(secure, socket);
  }

  private static ClassicHttpRequest outgoing(OutboundRequest request) {
    BasicClassicHttpRequest outgoing =
        new BasicClassicHttpRequest(request.method(), null, request.target());
    outgoing.addHeader("Host", request.authority());
    outgoing.addHeader("User-Agent", "soilhub");
    outgoing.addHeader("Connection", "close");
    request.headers().forEach(outgoing::addHeader);
    byte[] body = request.body().getBytes(StandardCharsets.UTF_8);
    if (body.length > 0) {
      outgoing.setEntity(new ByteArrayEntity(body, null));
    }
    if (body.length > 0 || USUALLY_WITH_BODY.contains(request.method())) {
      outgoing.addHeader("Content-Length", Integer.toString(body.length));
    }
    return outgoing;
  }

  private OutboundResponse whole(ClassicHttpResponse answer) throws IOException {
    Map<String, List<String>> headers = new HashMap<>();
    for (Header header : answer.getHeaders()) {
      headers
          .computeIfAbsent(header.getName().toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
          .add(String.valueOf(header.getValue()));
    }
    return new OutboundResponse(answer.getCode(), headers, body(answer));
  }

  private String body(ClassicHttpResponse answer) throws IOException {
    if (answer.getEntity() == null) {
      return "";
    }
    try (InputStream in = answer.getEntity().getContent()) {
      byte[] read = in.readNBytes(limits.bytes() + 1);
      if (read.length > limits.bytes()) {
        throw new IOException("the answer is longer than %d bytes".formatted(limits.bytes()));
      }
      return new String(read, StandardCharsets.UTF_8);
    }
  }

  private static SSLContext trusted() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
