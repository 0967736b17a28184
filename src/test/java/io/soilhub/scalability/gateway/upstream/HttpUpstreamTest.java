package io.soilhub.scalability.gateway.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.balancing.fleet.InstanceSpec;
import io.soilhub.scalability.balancing.registry.AllowedAddresses;
import io.soilhub.scalability.gateway.proxy.Backend;
import io.soilhub.scalability.gateway.proxy.Body;
import io.soilhub.scalability.gateway.proxy.ClientDisconnected;
import io.soilhub.scalability.gateway.proxy.Deadlines;
import io.soilhub.scalability.gateway.proxy.Field;
import io.soilhub.scalability.gateway.proxy.RawBackend;
import io.soilhub.scalability.gateway.proxy.Upstream;
import io.soilhub.scalability.gateway.proxy.UpstreamFailure;
import io.soilhub.scalability.platform.outbound.DnsCache;
import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.testing.Await;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The connection to an instance, with a real one on loopback.
class HttpUpstreamTest {

  private final AtomicLong now = new AtomicLong(1);
  private final Deadlines deadlines = new Deadlines(now::get);
  private final CompletableFuture<Void> trickled = new CompletableFuture<>();
  private final Backend backend = Backend.start();
  private final ConnectionPool connections = connections("127.0.0.0/8,::1/128");
  private final HttpUpstream upstream = new HttpUpstream(connections);

  @AfterEach
  void stop() {
    connections.close();
    backend.close();
  }

  @ParameterizedTest
  @CsvSource({"OPTIONS, 5", "GET, 5", "POST, 0", "PUT, -1", "PROPFIND, 0"})
  void aBodyGoesAlongWithAnyMethod(String method, long length) throws IOException {
    byte[] body = new byte[length == 0 ? 0 : 5];
    Deadlines.Deadline deadline = deadlines.in(1000);
    try (Upstream.Response answer =
        send(
            "/count",
            method,
            new Body(new ByteArrayInputStream(body), length, Long.MAX_VALUE, deadline))) {
      assertThat(answer.status()).isEqualTo(200);
      assertThat(new String(answer.body().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
          .isEqualTo(Integer.toString(body.length));
    }
  }

  @Test
  void anAnswerThatHasBegunMayPauseLongerThanATryMayTake() throws IOException {
    Deadlines.Deadline deadline = deadlines.in(60_000);
    Body none = new Body(InputStream.nullInputStream(), 0, Long.MAX_VALUE, deadline);
    Upstream.Request request = new Upstream.Request("GET", "/pause/6000", List.of(), none);
    try (Upstream.Response answer =
        upstream.send(instanceSpec(), request, 5000, deadline.within(5000))) {
      assertThat(answer.body().readAllBytes()).hasSize(2);
    }
  }

  @Test
  void anAnswerThatHasBegunMustEndByTheDeadline() throws IOException {
    Deadlines.Deadline deadline = deadlines.in(700);
    Body none = new Body(InputStream.nullInputStream(), 0, Long.MAX_VALUE, deadline);
    Upstream.Request request = new Upstream.Request("GET", "/pause/5000", List.of(), none);
    try (Upstream.Response answer =
        upstream.send(instanceSpec(), request, 500, deadline.within(500))) {
      assertThatThrownBy(() -> answer.body().readAllBytes())
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void aForbiddenAddressIsNotConnectedTo() {
    try (ConnectionPool strict = connections("10.0.0.0/8")) {
      assertThatThrownBy(
              () -> new HttpUpstream(strict).send(instanceSpec(), get(), 1000, limit(1000)))
          .isInstanceOfSatisfying(
              UpstreamFailure.class,
              f -> assertThat(f.kind()).isEqualTo(UpstreamFailure.Kind.UNREACHED));
    }
    assertThat(backend.requests).hasValue(0);
  }

  @Test
  void aCallerWhoBreaksOffIsNotTheInstancesFault() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new SocketException("reset");
          }
        };
    Body body = new Body(broken, 10, Long.MAX_VALUE, deadlines.in(1000));
    assertThatThrownBy(() -> send("/count", "POST", body)).isInstanceOf(ClientDisconnected.class);
  }

  @Test
  void aCallerWhoIsTooSlowIsNotTheInstancesFaultEither() {
    Deadlines.Deadline deadline = deadlines.in(1000);
    InputStream slow =
        new InputStream() {
          @Override
          public int read() {
            now.addAndGet(2_000_000_000L);
            return 'x';
          }

          @Override
          public int read(byte[] bytes, int offset, int most) {
            bytes[offset] = (byte) read();
            return 1;
          }
        };
    Body body = new Body(slow, 10, Long.MAX_VALUE, deadline);
    assertThatThrownBy(
            () ->
                upstream.send(
                    instanceSpec(),
                    new Upstream.Request("POST", "/count", List.of(), body),
                    1000,
                    deadline.within(1000)))
        .isInstanceOf(ClientDisconnected.class);
  }

  @Test
  void anAnswerThatTricklesInIsCutByItsTime() throws IOException {
    try (ServerSocket trickling = trickling()) {
      InstanceSpec slow =
          new InstanceSpec("a", "s", "localhost", trickling.getLocalPort(), "/health", 1, "", "");
      Deadlines.Limit limit = deadlines.in(10_000).within(1000);
      Thread steps =
          Thread.ofVirtual()
              .start(
                  () -> {
                    trickled.join();
                    now.addAndGet(2_000_000_000L);
                    deadlines.step();
                  });
      assertThatThrownBy(() -> upstream.send(slow, get(), 30_000, limit))
          .isInstanceOfSatisfying(
              UpstreamFailure.class,
              f -> assertThat(f.kind()).isEqualTo(UpstreamFailure.Kind.LATE));
      steps.interrupt();
    }
  }

  @Test
  @Timeout(40)
  void aBodyOfChunksThatBreaksOffDoesNotArriveAsAWhole() throws Exception {
    CompletableFuture<String> seen = new CompletableFuture<>();
    try (ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> readAll(listening, seen));
      Body body = new Body(breakingAfter("hello"), Body.UNKNOWN, 1000, deadlines.in(5000));
      Upstream.Request request = new Upstream.Request("POST", "/", List.of(), body);
      InstanceSpec there = at(listening.getLocalPort());
      assertThatThrownBy(() -> upstream.send(there, request, 5000, limit(5000)))
          .isInstanceOf(ClientDisconnected.class);
      assertThat(seen.get(20, TimeUnit.SECONDS)).doesNotContain("\r\n0\r\n");
    }
  }

  private static InputStream breakingAfter(String text) {
    InputStream begin = new ByteArrayInputStream(text.getBytes(US_ASCII));
    return new InputStream() {
      @Override
      public int read() throws IOException {
        int read = begin.read();
        if (read < 0) {
          throw new SocketException("reset");
        }
        return read;
      }
    };
  }

  private static void readAll(ServerSocket listening, CompletableFuture<String> seen) {
    StringBuilder text = new StringBuilder();
    try (Socket socket = listening.accept()) {
      for (int read = socket.getInputStream().read();
          read >= 0;
          read = socket.getInputStream().read()) {
        text.append((char) read);
      }
    } catch (IOException _) {
      // reset: it ends here as well
    }
    seen.complete(text.toString());
  }

  /// It answers as soon as it has seen the head, and reads no further.
  @Test
  @Timeout(40)
  void anInstanceMayAnswerBeforeItHasTakenTheBody() throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Socket> open = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> answerEarly(listening, open));
      InputStream endless =
          new SequenceInputStream(new ByteArrayInputStream(new byte[100_000]), untilAnswered(open));
      Body body = new Body(endless, 50_000_000, Long.MAX_VALUE, deadlines.in(20_000));
      Upstream.Request request = new Upstream.Request("POST", "/", List.of(), body);
      try (Upstream.Response answer =
          upstream.send(at(listening.getLocalPort()), request, 20_000, limit(20_000))) {
        assertThat(answer.status()).isEqualTo(413);
      }
      open.get(20, TimeUnit.SECONDS).close();
    }
  }

  private static void answerEarly(ServerSocket listening, CompletableFuture<Socket> open) {
    try {
      Socket socket = listening.accept();
      socket.getInputStream().readNBytes(10);
      socket
          .getOutputStream()
          .write("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII));
      open.complete(socket);
    } catch (IOException e) {
      open.completeExceptionally(e);
    }
  }

  /// Zeros without end, once the answer is on its way.
  private static InputStream untilAnswered(CompletableFuture<Socket> open) {
    return new InputStream() {
      @Override
      public int read() {
        open.join();
        return 0;
      }

      @Override
      public int read(byte[] bytes, int offset, int most) {
        open.join();
        return most;
      }
    };
  }

  private static InstanceSpec at(int port) {
    return new InstanceSpec("a", "s", "127.0.0.1", port, "/health", 1, "", "");
  }

  /// The instance goes on for a minute.
  @Test
  @Timeout(40)
  void whatIsLeftOfAnAnswerIsNotWaitedFor() throws IOException {
    Body none = new Body(InputStream.nullInputStream(), 0, Long.MAX_VALUE, deadlines.in(1000));
    Upstream.Request drip = new Upstream.Request("GET", "/drip", List.of(), none);
    try (Upstream.Response answer = upstream.send(instanceSpec(), drip, 5000, limit(60_000))) {
      assertThat(answer.body().read()).isEqualTo('.');
    }
  }

  @Test
  void whatIsCutBeforeItBeginsIsNotSent() {
    Deadlines.Limit limit = limit(1000);
    now.addAndGet(2_000_000_000L);
    deadlines.step();
    assertThatThrownBy(() -> upstream.send(instanceSpec(), get(), 1000, limit))
        .isInstanceOfSatisfying(
            UpstreamFailure.class, f -> assertThat(f.kind()).isEqualTo(UpstreamFailure.Kind.LATE));
    assertThat(backend.requests).hasValue(0);
  }

  @Test
  void nothingIsKeptOfAnInstanceWithoutConnections() throws IOException {
    try (Upstream.Response answer = upstream.send(instanceSpec(), get(), 1000, limit(1000))) {
      answer.body().readAllBytes();
    }
    assertThat(connections.instances()).isEqualTo(1);
    connections.tidy(Duration.ZERO);
    assertThat(connections.instances()).isZero();
  }

  @Test
  @Timeout(40)
  void aCallerWhoLeavesWhileItWaitsIsNotTheInstancesFaultEither() {
    AtomicBoolean gone = new AtomicBoolean();
    try (RawBackend silent = RawBackend.start((socket, _, _) -> socket.getInputStream().read())) {
      Deadlines.Deadline deadline = deadlines.in(60_000, gone::get);
      Thread.ofVirtual()
          .start(
              () -> {
                Await.until(
                    "it was asked", Duration.ofSeconds(20), () -> silent.requests.get() == 1);
                gone.set(true);
                deadlines.step();
                now.addAndGet(1_000_000_000L);
                deadlines.step();
              });
      assertThatThrownBy(
              () -> upstream.send(at(silent.port()), get(), 60_000, deadline.within(60_000)))
          .isInstanceOf(ClientDisconnected.class);
      assertThat(deadline.isAbandoned()).isTrue();
    }
  }

  /// The first request of each connection is answered; at the second the connection ends, as if it
  /// had been closed while the request was on its way.
  @ParameterizedTest
  @CsvSource({"GET, 200, 2", "PUT, 200, 2", "POST, 0, 1"})
  void aConnectionThatWasClosedMeanwhileCostsOnlyWhatMayNotBeRepeated(
      String method, int status, int connections) throws IOException {
    try (RawBackend closing =
        RawBackend.start(
            (socket, _, number) -> {
              if (number == 1) {
                RawBackend.write(socket, "HTTP/1.1 200 OK~Content-Length: 0~~");
              } else {
                socket.close();
              }
            })) {
      InstanceSpec there = at(closing.port());
      Deadlines.Deadline deadline = deadlines.in(5000);
      Body none = new Body(InputStream.nullInputStream(), 0, Long.MAX_VALUE, deadline);
      Upstream.Request request = new Upstream.Request(method, "/", List.of(), none);
      upstream.send(there, request, 5000, limit(5000)).close();
      if (status == 0) {
        assertThatThrownBy(() -> upstream.send(there, request, 5000, limit(5000)))
            .isInstanceOfSatisfying(
                UpstreamFailure.class,
                f -> assertThat(f.kind()).isEqualTo(UpstreamFailure.Kind.BROKEN));
      } else {
        assertThat(upstream.send(there, request, 5000, limit(5000)).status()).isEqualTo(status);
      }
      assertThat(closing.connections).hasValue(connections);
    }
  }

  /// A new connection that breaks says something about the instance.
  @Test
  void aNewConnectionThatBreaksIsNotTriedAgain() {
    try (RawBackend broken = RawBackend.start((socket, _, _) -> socket.close())) {
      assertThatThrownBy(() -> upstream.send(at(broken.port()), get(), 5000, limit(5000)))
          .isInstanceOfSatisfying(
              UpstreamFailure.class,
              f -> assertThat(f.kind()).isEqualTo(UpstreamFailure.Kind.BROKEN));
      assertThat(broken.connections).hasValue(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK~Transfer-Encoding\u0001: chunked~Content-Length: 0~~",
        "HTTP/1.1 200 OK~X A: b~Content-Length: 0~~",
        "HTTP/1.1 200 OK~X-A: b\u001bc~Content-Length: 0~~",
        "HTTP/1.1 101 Switching Protocols~Upgrade: x~~",
        "HTTP/1.1 1000 Much~Content-Length: 0~~",
      })
  void whatMayNotBePassedOnIsAFault(String answer) {
    try (RawBackend odd = RawBackend.answering(answer)) {
      assertThatThrownBy(() -> upstream.send(at(odd.port()), get(), 5000, limit(5000)))
          .isInstanceOfSatisfying(
              UpstreamFailure.class,
              f -> assertThat(f.kind()).isEqualTo(UpstreamFailure.Kind.BROKEN));
    }
  }

  @Test
  void spaceBeforeAColonIsDropped() throws IOException {
    try (RawBackend spaced = RawBackend.answering("HTTP/1.1 200 OK~X-A : b~Content-Length: 0~~");
        Upstream.Response answer = upstream.send(at(spaced.port()), get(), 5000, limit(5000))) {
      assertThat(answer.headers()).contains(new Field("X-A", "b"));
    }
  }

  /// Sends the beginning of a status line and stops there, with the connection open.
  private ServerSocket trickling() throws IOException {
    ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(
            () -> {
              try (Socket socket = server.accept()) {
                socket.getOutputStream().write('H');
                trickled.complete(null);
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
              } catch (IOException _) {
                // the test is over
              }
            });
    return server;
  }

  private Upstream.Response send(String path, String method, Body body)
      throws UpstreamFailure, ClientDisconnected {
    return upstream.send(
        instanceSpec(), new Upstream.Request(method, path, List.of(), body), 5000, limit(5000));
  }

  private Deadlines.Limit limit(int millis) {
    return deadlines.in(millis).within(millis);
  }

  private Upstream.Request get() {
    Body none = new Body(InputStream.nullInputStream(), 0, Long.MAX_VALUE, deadlines.in(1000));
    return new Upstream.Request("GET", "/", List.of(), none);
  }

  private InstanceSpec instanceSpec() {
    return new InstanceSpec("a", "s", "localhost", backend.port(), "/health", 1, "", "");
  }

  private ConnectionPool connections(String ranges) {
    AllowedAddresses addresses =
        AllowedAddresses.from(
            Settings.from(Map.of("X", ranges)), Setting.list("X", "", "ranges", "of a test"));
    return new ConnectionPool(
        new DnsCache(DnsCache.Lookup.SYSTEM, addresses, Duration.ofSeconds(30), () -> 1), now::get);
  }
}
