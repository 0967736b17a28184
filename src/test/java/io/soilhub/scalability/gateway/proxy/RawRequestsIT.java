package io.soilhub.scalability.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.HttpCalls;
import io.soilhub.scalability.testing.ServiceEnvironment;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests that no client library sends, by either way in: what smugglers send, and who never
/// ends.
@ParameterizedClass
@EnumSource(Front.class)
class RawRequestsIT {

  private static final String CLOSED = "(closed)";
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static Backend backend;

  private final Front front;
  private final URI server;

  RawRequestsIT(Front front) {
    this.front = front;
    this.server = front.uri();
  }

  @BeforeAll
  static void start() {
    HttpCalls http = ServiceEnvironment.http();
    backend = Backend.start();
    String body =
        "{\"instance_id\":\"raw-1\",\"service\":\"raw\",\"host\":\"localhost\",\"port\":%d}"
            .formatted(backend.port());
    assertThat(http.post(HttpCalls.API + "/instances", body).status()).isEqualTo(201);
    GatewayIT.connect();
    GatewayIT.register("raw-down", "raw-down-1", 1);
  }

  @AfterAll
  static void stop() {
    backend.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Transfer-Encoding: xchunked~~0~~",
        "Transfer-Encoding: chunked, identity~~0~~",
        "Transfer-Encoding: gzip, chunked~~0~~",
        "Transfer-Encoding: chunked~Transfer-Encoding: chunked~~0~~",
        "Transfer-Encoding: chunked~~zz~abc~0~~",
        "Transfer-Encoding: chunked~~-1~abc~0~~",
      })
  void badlyFramedBodiesAreRefused(String head) throws IOException {
    String answer = exchange("POST /gateway/raw/count HTTP/1.1~Host: localhost~" + head);
    assertThat(answer).startsWith("HTTP/1.1 4").doesNotContain("HTTP/1.1 2");
  }

  /// Each carries a second request in what another parser could take for the body of the first. The
  /// backend must not see it, and the connection must end: what follows can mean anything.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Content-Length: 6~Transfer-Encoding: chunked~~0~~",
        "Transfer-Encoding: chunked~Content-Length: 6~~0~~",
        "Content-Length: 0~Content-Length: 5~~",
        "Content-Length: +5~~",
        "Content-Length: 5, 5~~",
      })
  void nothingIsReadBehindAnAmbiguousBody(String head) throws IOException {
    long before = backend.requests.get();
    String answer =
        exchange(
            "POST /gateway/raw/count HTTP/1.1~Host: localhost~"
                + head
                + "GET /gateway/raw/smuggled HTTP/1.1~Host: localhost~~");
    assertThat(answer.split("HTTP/1\\.1 \\d", -1)).as(answer).hasSize(2);
    assertThat(answer).endsWith(CLOSED);
    assertThat(backend.requests.get()).isLessThanOrEqualTo(before + 1);
  }

  /// Whatever the answer is: what follows never comes to an instance. The server hides lengths that
  /// are no numbers; the listener refuses them.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DELETE /gateway/raw/count~Content-Length: +5~~ | 200 | 400",
        "OPTIONS /gateway/raw/count~Content-Length: 5x~~ | 200 | 400",
        "POST /gateway/nobody/count~Content-Length: +5~~ | 404 | 400",
        "POST /gateway/~Content-Length: +5~~ | 404 | 404",
        "POST /gateway/raw/a/%2e%2e/b~Content-Length: +5~~ | 400 | 400",
        "POST /gateway/raw/count~Content-Length: +5~Sec-Fetch-Site: cross-site~~ | 403 | 403",
        "GET /gateway/raw/a/%2e%2e/b~~ | 400 | 400",
      })
  void theConnectionEndsWhereTheBodyIsInDoubt(String request, int atServer, int atListener)
      throws IOException {
    int status = front == Front.SERVER ? atServer : atListener;
    String head = request.replaceFirst("~", " HTTP/1.1~Host: localhost~");
    String answer = exchange(head + "GET /gateway/raw/smuggled HTTP/1.1~Host: localhost~~");
    assertThat(answer).startsWith("HTTP/1.1 " + status).endsWith(CLOSED);
    assertThat(answer.split("HTTP/1\\.1 \\d", -1)).as(answer).hasSize(2);
  }

  @Test
  void theConnectionIsKeptWhereTheBodyIsClear() throws IOException {
    String get = "GET /gateway/raw/count HTTP/1.1~Host: localhost~~";
    String post = "POST /gateway/raw/count HTTP/1.1~Host: localhost~Content-Length: 3~~abc";
    String answer = exchange(get + post + get);
    assertThat(answer.split("HTTP/1\\.1 200", -1)).as(answer).hasSize(4);
    assertThat(answer).doesNotContain(CLOSED);
  }

  @Test
  void noOtherVersionOfHttpIsSpoken() throws IOException {
    String upgrade =
        "GET /gateway/raw/count HTTP/1.1~Host: localhost~Connection: Upgrade, HTTP2-Settings~"
            + "Upgrade: h2c~HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA~~";
    assertThat(exchange(upgrade)).startsWith("HTTP/1.1 200").doesNotContain("HTTP/1.1 101");
    String settings = "\0\0\0\4\0\0\0\0\0";
    String answer = exchange("PRI * HTTP/2.0~~SM~~" + settings);
    assertThat(answer).doesNotContain("\4\0").endsWith(CLOSED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /gateway/raw/../../health/live HTTP/1.1~Host: localhost~~",
        "GET /gateway/raw/a/%2e%2e/b HTTP/1.1~Host: localhost~~",
        "GET /gateway/raw/..;/b HTTP/1.1~Host: localhost~~",
      })
  void dotSegmentsAreRefused(String request) throws IOException {
    long before = backend.requests.get();
    assertThat(exchange(request)).startsWith("HTTP/1.1 4");
    assertThat(backend.requests.get()).isEqualTo(before);
  }

  @Test
  void aFoldedHeaderReachesNobodyAsTwo() throws IOException {
    String answer =
        exchange(
            "GET /gateway/raw/echo HTTP/1.1~Host: localhost~X-A: one~ X-Smuggled: two~Connection:"
                + " close~~");
    assertThat(answer).doesNotContain("\"x-smuggled\"");
  }

  /// What RFC 9112 leaves to the reader, or forbids and readers take differently.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /gateway/raw/count HTTP/1.1^Host: localhost~~",
        "GET /gateway/raw/count HTTP/1.1~Host: localhost^~",
        "GET  /gateway/raw/count HTTP/1.1~Host: localhost~~",
        "GET /gateway/raw/count  HTTP/1.1~Host: localhost~~",
        "GET /gateway/raw/count#x HTTP/1.1~Host: localhost~~",
        "GET x?a=http://localhost/gateway/raw/count HTTP/1.1~Host: localhost~~",
        "GET /gateway/raw/count HTTP/1.1 ~Host: localhost~~",
        "GET /gateway/raw/count HTTP/1.2~Host: localhost~~",
        "GET /gateway/raw/count~~",
        "G(T /gateway/raw/count HTTP/1.1~Host: localhost~~",
        "GET /gateway/raw/count HTTP/1.1~Host : localhost~~",
        "GET /gateway/raw/count HTTP/1.1~Host: localhost~X-A: one~ X-B: two~~",
        "GET /gateway/raw/count HTTP/1.1~Host: localhost~Host: localhost~~",
        "GET /gateway/raw/count HTTP/1.1~~",
        "POST /gateway/raw/count HTTP/1.0~Transfer-Encoding: chunked~~0~~",
        "POST /gateway/raw/count HTTP/1.1~Host: localhost~Transfer-Encoding: chunked~~+3~abc~0~~",
        "POST /gateway/raw/count HTTP/1.1~Host: localhost~Transfer-Encoding: chunked~~3^abc~0~~",
        "POST /gateway/raw/count HTTP/1.1~Host: localhost~Transfer-Encoding: chunked~~3~abcd~0~~",
      })
  void theListenerTakesNoLiberties(String request) throws IOException {
    assumeTrue(front == Front.LISTENER, "the server reads some of these as other servers do");
    long before = backend.requests.get();
    String answer = exchange(request + "GET /gateway/raw/smuggled HTTP/1.1~Host: localhost~~");
    assertThat(answer).startsWith("HTTP/1.1 400").endsWith(CLOSED);
    assertThat(answer.split("HTTP/1\\.1 \\d", -1)).as(answer).hasSize(2);
    assertThat(backend.requests.get()).isLessThanOrEqualTo(before + (isPost(request) ? 1 : 0));
  }

  private static boolean isPost(String request) {
    return request.startsWith("POST");
  }

  /// An instance may take it for another method than we do, and answer with a body that we do not
  /// look for. The server makes HEAD of it, and so it is sent.
  @ParameterizedTest
  @ValueSource(strings = {"head", "Head", "connect", "trace"})
  void methodsInAnotherCaseGoNowhere(String method) throws IOException {
    long before = backend.requests.get();
    boolean mended = front == Front.SERVER && method.equalsIgnoreCase("HEAD");
    String answer = exchange(method + " /gateway/raw/count HTTP/1.1~Host: localhost~~");
    assertThat(answer).startsWith(mended ? "HTTP/1.1 200" : "HTTP/1.1 501");
    assertThat(backend.requests.get()).isEqualTo(before + (mended ? 1 : 0));
  }

  @Test
  void aHeadThatNeverEndsIsBounded() throws IOException {
    String many = "X-A: b~".repeat(200);
    assertThat(exchange("GET /gateway/raw/count HTTP/1.1~Host: localhost~" + many + "~"))
        .startsWith("HTTP/1.1 4")
        .endsWith(CLOSED);
    String longer = "X-A: " + "b".repeat(70_000) + "~~";
    assertThat(exchange("GET /gateway/raw/count HTTP/1.1~Host: localhost~" + longer))
        .startsWith("HTTP/1.1 4")
        .endsWith(CLOSED);
  }

  @Test
  void aCallerWhoWaitsIsToldToSend() throws IOException {
    String head =
        "POST /gateway/raw/count HTTP/1.1~Host: localhost~Content-Length: 3~Expect: 100-continue~~";
    try (Socket socket = open()) {
      socket.setSoTimeout(15_000);
      socket.getOutputStream().write(bytes(head));
      assertThat(head(socket)).startsWith("HTTP/1.1 100 ");
      socket.getOutputStream().write(bytes("abc"));
      assertThat(head(socket)).startsWith("HTTP/1.1 200 ");
    }
  }

  /// The server asks for every body before it looks at the request.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/gateway/nobody/count | 3 | 404",
        "/gateway/raw/a/%2e%2e/b | 3 | 400",
        "/gateway/raw-down/count | 3 | 50",
        "/gateway/raw/count | 104857601 | 413",
      })
  void aBodyThatNobodyWantsIsNotAskedFor(String path, int length, String status)
      throws IOException {
    assumeTrue(front == Front.LISTENER, "the server asks by itself");
    String answer =
        exchange(
            "POST %s HTTP/1.1~Host: localhost~Content-Length: %d~Expect: 100-continue~~"
                .formatted(path, length));
    assertThat(answer).startsWith("HTTP/1.1 " + status).endsWith(CLOSED);
  }

  /// 8,000 bytes in 122 MiB.
  @Test
  void extensionsOfChunksDoNotOutweighTheBody() throws IOException {
    assumeTrue(front == Front.LISTENER, "the server reads what there is");
    try (Socket socket = open()) {
      socket.setSoTimeout(15_000);
      OutputStream out = socket.getOutputStream();
      out.write(
          bytes("POST /gateway/raw/count HTTP/1.1~Host: localhost~Transfer-Encoding: chunked~~"));
      byte[] chunk = bytes("1;" + "x".repeat(15_000) + "~d~");
      try {
        for (int i = 0; i < 8_000; i++) {
          out.write(chunk);
        }
        out.write(bytes("0~~"));
      } catch (IOException _) {
        // refused before its end
      }
      assertThat(head(socket)).startsWith("HTTP/1.1 400 ");
    }
  }

  @ParameterizedTest
  @CsvSource({"HTTP/1.0, true", "HTTP/1.1~Host: localhost~Connection: close, true"})
  void theConnectionEndsWhenTheCallerWantsIt(String version, boolean closes) throws IOException {
    String answer = exchange("GET /gateway/raw/count " + version + "~~");
    assertThat(answer).startsWith("HTTP/1.").contains(" 200 ");
    assertThat(answer.endsWith(CLOSED)).isEqualTo(closes);
  }

  @Test
  void theTargetMayBeAbsolute() throws IOException {
    String get = "GET http://localhost/gateway/raw/count?a=b HTTP/1.1~Host: other~~";
    assertThat(exchange(get)).startsWith("HTTP/1.1 200");
  }

  /// Host, and an absolute target, which wins over it: what is checked is what the instance is
  /// told.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/gateway/raw/echo | localhost | localhost",
        "/gateway/raw/echo | LOCALHOST:1234 | LOCALHOST:1234",
        "/gateway/raw/echo | [::1]:1234 | [::1]:1234",
        "http://127.0.0.1:99/gateway/raw/echo | localhost | 127.0.0.1:99",
        "http://[::1]/gateway/raw/echo | evil.example | [::1]",
      })
  void theHostThatIsCheckedIsPassedOn(String target, String host, String forwarded)
      throws IOException {
    String answer = exchange("GET " + target + " HTTP/1.1~Host: " + host + "~~");
    assertThat(answer)
        .startsWith("HTTP/1.1 200")
        .contains("\"x-forwarded-host\":\"" + forwarded + "\"")
        .contains(";host=\\\"" + forwarded + "\\\";proto=http\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/gateway/raw/echo | api.example:80@evil.example | 400",
        "/gateway/raw/echo | localhost:80@evil.example | 400",
        "/gateway/raw/echo | evil.example@localhost | 400",
        "/gateway/raw/echo | localhost, evil.example | 400",
        "/gateway/raw/echo | localhost/evil | 400",
        "/gateway/raw/echo | localhost:65536 | 400",
        "/gateway/raw/echo | evil.example | 421",
        "http://evil.example/gateway/raw/echo | localhost | 421",
        "http://localhost/gateway/raw/echo | evil.example@localhost | 400",
        "https://localhost/gateway/raw/echo | localhost | 400",
        "https://localhost:443/gateway/raw/echo | localhost | 400",
      })
  void aHostThatIsNotCertainlyOursReachesNobody(String target, String host, int status)
      throws IOException {
    long before = backend.requests.get();
    assertThat(exchange("GET " + target + " HTTP/1.1~Host: " + host + "~Connection: close~~"))
        .startsWith("HTTP/1.1 " + status)
        .contains("application/problem+json");
    assertThat(backend.requests.get()).isEqualTo(before);
  }

  /// An old browser, or one that talks to another machine over http, does not send Sec-Fetch-Site.
  @Test
  void aPageOfAnotherSiteChangesNothing() throws IOException {
    String post =
        "POST /gateway/raw/count HTTP/1.1~Host: localhost~Content-Type: text/plain~Origin: %s~"
            + "Content-Length: 0~Connection: close~~";
    assertThat(exchange(post.formatted("http://evil.example"))).startsWith("HTTP/1.1 403");
    assertThat(exchange(post.formatted("null"))).startsWith("HTTP/1.1 403");
    assertThat(exchange(post.formatted("http://localhost"))).startsWith("HTTP/1.1 200");
  }

  /// Nor does it spoil the next one on its connection.
  @ParameterizedTest
  @ValueSource(ints = {204, 304})
  void anAnswerWithoutABodyHasNoLength(int status) throws IOException {
    String first = "GET /gateway/raw/status/" + status + " HTTP/1.1~Host: localhost~~";
    assertThat(exchange(first))
        .startsWith("HTTP/1.1 " + status)
        .doesNotContainIgnoringCase("content-length")
        .endsWith("\r\n\r\n");
    String next = "GET /gateway/raw/status/200 HTTP/1.1~Host: localhost~Connection: close~~";
    assertThat(exchange(first + next))
        .startsWith("HTTP/1.1 " + status)
        .contains("HTTP/1.1 200", "as asked");
  }

  @Test
  void webSocketsAreNotForwarded() throws IOException {
    String answer =
        exchange(
            "GET /gateway/raw/socket HTTP/1.1~Host: localhost~Connection: Upgrade~Upgrade:"
                + " websocket~Sec-WebSocket-Version: 13~Sec-WebSocket-Key:"
                + " dGhlIHNhbXBsZSBub25jZQ==~~");
    assertThat(answer).startsWith("HTTP/1.1 501").contains("upgrade-not-supported");
  }

  @Test
  void aBodyBeyondTheLimitIsRefusedUnread() throws IOException {
    String answer =
        exchange("POST /gateway/raw/count HTTP/1.1~Host: localhost~Content-Length: 104857601~~");
    assertThat(answer).startsWith("HTTP/1.1 413");
  }

  @Test
  void whoSendsNoHeadersHoldsNobodyUp() throws IOException {
    try (Socket slow = open()) {
      slow.getOutputStream().write(bytes("GET /gateway/raw/echo HTTP/1.1~Host: localhost~X-A: "));
      for (int i = 0; i < 20; i++) {
        assertThat(exchange("GET /gateway/raw/echo HTTP/1.1~Host: localhost~Connection: close~~"))
            .startsWith("HTTP/1.1 200");
      }
    }
  }

  /// Their requests take thirty seconds, and an instance takes only so many at a time.
  @Test
  void whoLeavesWhileHeWaitsHoldsNobodyUp() throws IOException {
    assumeTrue(front == Front.LISTENER, "the server does not look while a request is answered");
    try (RawBackend slow = slow()) {
      GatewayIT.register("left", "left-1", slow.port());
      GatewayIT.policy("left", "{\"try_timeout_ms\":30000,\"deadline_ms\":30000}");
      Socket[] callers = new Socket[130];
      for (int i = 0; i < callers.length; i++) {
        callers[i] = open();
        callers[i]
            .getOutputStream()
            .write(bytes("GET /gateway/left/silent HTTP/1.1~Host: localhost~~"));
      }
      Await.until("some are under way", LIMIT, () -> slow.requests.get() >= 10);
      for (Socket caller : callers) {
        caller.setSoLinger(true, 0);
        caller.close();
      }
      Await.until(
          "they are given up",
          Duration.ofSeconds(10),
          () -> GatewayIT.instance("left-1").at("/active_connections").asInt() == 0);
      assertThat(exchange("GET /gateway/left/soon HTTP/1.1~Host: localhost~~"))
          .startsWith("HTTP/1.1 200");
      assertThat(GatewayIT.instance("left-1").at("/errors").asInt()).isZero();
    }
  }

  @Test
  void whoHasClosedHisSideStillGetsHisAnswer() throws IOException {
    try (RawBackend slow = slow()) {
      String service = front.own("half");
      GatewayIT.register(service, service + "-1", slow.port());
      try (Socket half = open()) {
        half.setSoTimeout(15_000);
        half.getOutputStream()
            .write(bytes("GET /gateway/%s/late HTTP/1.1~Host: localhost~~".formatted(service)));
        half.shutdownOutput();
        assertThat(head(half)).startsWith("HTTP/1.1 200");
      }
    }
  }

  /// `/silent` is not answered, `/late` after two seconds, all else at once.
  private static RawBackend slow() {
    return RawBackend.start(
        (socket, head, _) -> {
          if (head.contains("/silent ")) {
            socket.getInputStream().read();
            return;
          }
          if (head.contains("/late ")) {
            LockSupport.parkNanos(2_000_000_000L);
          }
          RawBackend.write(socket, "HTTP/1.1 200 OK~Content-Length: 2~~ok");
        });
  }

  @Test
  void whoNeverEndsHisBodyHoldsNobodyUp() throws IOException {
    Socket[] slow = new Socket[50];
    for (int i = 0; i < slow.length; i++) {
      slow[i] = open();
      OutputStream out = slow[i].getOutputStream();
      out.write(bytes("POST /gateway/raw/count HTTP/1.1~Host: localhost~Content-Length: 100~~a"));
    }
    for (int i = 0; i < 20; i++) {
      assertThat(exchange("GET /gateway/raw/echo HTTP/1.1~Host: localhost~Connection: close~~"))
          .startsWith("HTTP/1.1 200");
    }
    for (Socket socket : slow) {
      socket.close();
    }
  }

  /// `~` stands for CR LF, `^` for LF alone. Reads until the server closes, or has been silent for
  /// a while.
  private String exchange(String request) throws IOException {
    try (Socket socket = open()) {
      socket.getOutputStream().write(bytes(request));
      StringBuilder answer = new StringBuilder();
      byte[] block = new byte[8192];
      socket.setSoTimeout(15_000);
      try {
        for (int got = socket.getInputStream().read(block);
            got >= 0;
            got = socket.getInputStream().read(block)) {
          answer.append(new String(block, 0, got, StandardCharsets.ISO_8859_1));
          socket.setSoTimeout(700);
        }
        answer.append(CLOSED);
      } catch (SocketTimeoutException _) {
        // the connection is kept
      }
      return answer.toString();
    }
  }

  /// One head, up to its empty line.
  private static String head(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int read = socket.getInputStream().read();
      assertThat(read).as(head.toString()).isNotNegative();
      head.append((char) read);
    }
    return head.toString();
  }

  private Socket open() throws IOException {
    return new Socket(server.getHost(), server.getPort());
  }

  private static byte[] bytes(String text) {
    return text.replace("~", "\r\n").replace("^", "\n").getBytes(StandardCharsets.ISO_8859_1);
  }
}
