package io.soilhub.scalability.platform.outbound;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import io.soilhub.scalability.balancing.discovery.TestKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A name server of the test's own answers; 127.0.0.1 stands for a public address, 127.0.0.2 for
/// one that must not be called.
@Timeout(60)
class OutboundClientTest {

  private static final InetAddress OPEN = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress CLOSED = InetAddress.ofLiteral("127.0.0.2");
  private static final AddressPolicy POLICY =
      address -> address.equals(CLOSED) ? Optional.of("a private address") : Optional.empty();
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir private Path folder;
  private final AtomicLong now = new AtomicLong(1);
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger reachedClosed = new AtomicInteger();
  private final ConcurrentLinkedQueue<HttpExchange> seen = new ConcurrentLinkedQueue<>();
  private HttpServer open;
  private HttpServer closed;

  @BeforeEach
  void start() throws IOException {
    open = HttpServer.create(new InetSocketAddress(OPEN, 0), 0);
    open.createContext("/", this::answer);
    open.start();
    closed = HttpServer.create(new InetSocketAddress(CLOSED, open.getAddress().getPort()), 0);
    closed.createContext(
        "/",
        exchange -> {
          reachedClosed.incrementAndGet();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    closed.start();
  }

  @AfterEach
  void stop() {
    open.stop(0);
    closed.stop(0);
  }

  /// DNS rebinding: an attacker's name server answers with a public address when the name is
  /// checked and with a private one when it is connected to.
  @Test
  void aNameThatAnswersDifferentlyEachTimeReachesNoForbiddenAddress() throws Exception {
    DnsCache.Lookup turning =
        _ -> new InetAddress[] {asked.incrementAndGet() % 2 == 1 ? OPEN : CLOSED};
    OutboundClient client = client(turning, LONG);
    int refused = 0;
    for (int i = 0; i < 40; i++) {
      now.addAndGet(Duration.ofMinutes(1).toNanos());
      try {
        assertThat(client.status(get("/"))).isEqualTo(200);
      } catch (ForbiddenAddress e) {
        assertThat(e).hasMessageContaining("a private address").hasMessageNotContaining("127.0");
        refused++;
      }
    }
    assertThat(asked).as("each call resolves once").hasValue(40);
    assertThat(refused).isEqualTo(20);
    assertThat(opened).hasValue(20);
    assertThat(reachedClosed).hasValue(0);
  }

  @Test
  void oneForbiddenAddressForbidsTheName() {
    OutboundClient client = client(_ -> new InetAddress[] {OPEN, CLOSED}, LONG);
    assertThatThrownBy(() -> client.send(get("/"))).isInstanceOf(ForbiddenAddress.class);
    assertThatThrownBy(
            () -> client.send(OutboundRequest.of("GET", URI.create("http://127.0.0.2:1/"))))
        .isInstanceOf(ForbiddenAddress.class);
    assertThat(opened).hasValue(0);
  }

  @Test
  void aRequestArrivesAsItIsAndItsAnswerComesBack() throws Exception {
    OutboundResponse answer =
        client()
            .send(
                OutboundRequest.of("PURGE", uri("/echo/%C3%BC?a=b%20c"))
                    .with("X-Key", "one")
                    .json("{\"ü\":1}"));
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.value("x-reply")).contains("yes");
    assertThat(answer.body()).isEqualTo("{\"ü\":1}");
    HttpExchange got = seen.element();
    assertThat(got.getRequestMethod()).isEqualTo("PURGE");
    assertThat(got.getRequestURI()).hasToString("/echo/%C3%BC?a=b%20c");
    assertThat(got.getRequestHeaders().getFirst("Host")).isEqualTo("name.example:" + port());
    assertThat(got.getRequestHeaders().getFirst("X-Key")).isEqualTo("one");
    assertThat(got.getRequestHeaders().getFirst("Content-Type")).isEqualTo("application/json");
  }

  @Test
  void aRedirectIsNotFollowed() throws Exception {
    OutboundResponse answer = client().send(get("/redirect"));
    assertThat(answer.status()).isEqualTo(302);
    assertThat(reachedClosed).hasValue(0);
  }

  @Test
  void anAnswerThatIsTooLongIsRefusedAndOneOfWhichNothingIsReadIsNot() throws Exception {
    assertThatThrownBy(() -> client().send(get("/endless")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("longer than 1000 bytes");
    assertThat(client().status(get("/endless"))).isEqualTo(200);
  }

  @Test
  void anAnswerThatTricklesInIsGivenUpInTime() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 10, OPEN)) {
      CountDownLatch ended = new CountDownLatch(1);
      Thread.ofVirtual().start(() -> trickle(server, ended));
      OutboundClient client = client(_ -> new InetAddress[] {OPEN}, Duration.ofMillis(600));
      assertThatThrownBy(
              () ->
                  client.send(
                      OutboundRequest.of(
                          "GET", URI.create("http://name.example:" + server.getLocalPort()))))
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessage("no answer within 600 ms");
      assertThat(ended.await(30, TimeUnit.SECONDS)).as("the connection is closed").isTrue();
    }
  }

  @Test
  void aNameServerThatHangsIsGivenUpInTime() {
    CountDownLatch never = new CountDownLatch(1);
    DnsCache.Lookup hanging =
        name -> {
          try {
            never.await();
          } catch (InterruptedException _) {
            // the test is over
          }
          throw new UnknownHostException(name);
        };
    OutboundClient client = client(hanging, Duration.ofMillis(300));
    assertThatThrownBy(() -> client.send(get("/"))).isInstanceOf(IOException.class);
    never.countDown();
  }

  @Test
  void anInterruptEndsTheCall() throws Exception {
    try (FullServer _ = new FullServer(InetAddress.ofLiteral("127.0.0.4"), port())) {
      OutboundClient client =
          client(_ -> new InetAddress[] {InetAddress.ofLiteral("127.0.0.4")}, LONG);
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      Thread caller =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      client.send(get("/"));
                    } catch (IOException | InterruptedException e) {
                      failure.complete(e);
                    }
                  });
      caller.interrupt();
      assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void overHttpsTheCertificateMustBeOfTheName() throws Exception {
    TestKeys keys = TestKeys.make(folder, "EC");
    HttpsServer secure = HttpsServer.create(new InetSocketAddress(OPEN, 0), 0);
    secure.setHttpsConfigurator(new HttpsConfigurator(keys.server()));
    secure.createContext("/", this::answer);
    secure.start();
    try {
      int port = secure.getAddress().getPort();
      OutboundClient trusting = client(_ -> new InetAddress[] {OPEN}, LONG, keys.server(keys));
      OutboundRequest right =
          OutboundRequest.of("GET", URI.create("https://api.example:" + port + "/"));
      assertThat(trusting.send(right).status()).isEqualTo(200);
      var session = (ExtendedSSLSession) ((HttpsExchange) seen.element()).getSSLSession();
      assertThat(session.getRequestedServerNames()).containsExactly(new SNIHostName("api.example"));
      OutboundRequest wrong =
          OutboundRequest.of("GET", URI.create("https://other.example:" + port + "/"));
      assertThatThrownBy(() -> trusting.send(wrong)).isInstanceOf(SSLHandshakeException.class);
      assertThatThrownBy(() -> client().send(right)).isInstanceOf(SSLHandshakeException.class);
      assertThat(opened).hasValue(1);
    } finally {
      secure.stop(0);
    }
  }

  private void trickle(ServerSocket server, CountDownLatch ended) {
    try (Socket socket = server.accept()) {
      socket.getOutputStream().write("HTTP/1.1 200 OK\r\nX: ".getBytes(US_ASCII));
      while (true) {
        socket.getOutputStream().write('x');
        socket.setSoTimeout(50);
        try {
          if (socket.getInputStream().readAllBytes().length == 0) {
            return;
          }
        } catch (SocketTimeoutException _) {
          // the other end still waits
        }
      }
    } catch (IOException _) {
      // reset: it ends here as well
    } finally {
      ended.countDown();
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    opened.incrementAndGet();
    seen.add(exchange);
    String path = exchange.getRequestURI().getPath();
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (path.startsWith("/echo/")) {
      exchange.getResponseHeaders().set("X-Reply", "yes");
      exchange.sendResponseHeaders(201, 0);
      exchange.getResponseBody().write(body);
    } else if (path.equals("/redirect")) {
      exchange.getResponseHeaders().set("Location", "http://127.0.0.2:" + port() + "/");
      exchange.sendResponseHeaders(302, -1);
    } else if (path.equals("/endless")) {
      exchange.sendResponseHeaders(200, 0);
      for (int i = 0; i < 100_000; i++) {
        exchange.getResponseBody().write("0123456789".repeat(100).getBytes(UTF_8));
      }
    } else {
      exchange.sendResponseHeaders(200, -1);
    }
    exchange.close();
  }

  private int port() {
    return open.getAddress().getPort();
  }

  private URI uri(String path) {
    return URI.create("http://name.example:" + port() + path);
  }

  private OutboundRequest get(String path) {
    return OutboundRequest.of("GET", uri(path));
  }

  private OutboundClient client() {
    return client(_ -> new InetAddress[] {OPEN}, LONG);
  }

  private OutboundClient client(DnsCache.Lookup lookup, Duration total) {
    try {
      return client(lookup, total, SSLContext.getDefault());
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private OutboundClient client(DnsCache.Lookup lookup, Duration total, SSLContext tls) {
    OutboundClient.Limits limits = new OutboundClient.Limits(LONG, total, 1000);
    return new OutboundClient(lookup, POLICY, limits, tls, now::get);
  }
}
