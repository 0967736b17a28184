package io.soilhub.scalability.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.testing.HttpCalls.Answer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Instances that do what HTTP does not allow, or allows and nobody likes, by either way in.
@ParameterizedClass
@EnumSource(Front.class)
class InstanceFaultsIT {

  private static final List<RawBackend> OPEN = new ArrayList<>();

  private final Front front;

  InstanceFaultsIT(Front front) {
    this.front = front;
  }

  @BeforeAll
  static void start() {
    GatewayIT.connect();
  }

  @AfterAll
  static void stop() {
    OPEN.forEach(RawBackend::close);
  }

  /// It does not say so, and so its connections are kept.
  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void anInstanceThatClosesBehindEachAnswerIsNotSeen(int afterMillis) {
    String service = front.own("closing" + afterMillis);
    register(
        service,
        RawBackend.start(
            (socket, _, _) -> {
              RawBackend.write(socket, "HTTP/1.1 200 OK~Content-Length: 2~~ok");
              pause(afterMillis);
              socket.close();
            }));
    for (int i = 0; i < 80; i++) {
      assertThat(get(service).status()).as("GET %d", i).isEqualTo(200);
    }
  }

  /// As a server does that is started anew, and goes on to serve with another process.
  @Test
  void anInstanceThatClosesAtTheNextRequestIsNotSeenByReaders() {
    String service = front.own("reloaded");
    RawBackend backend = closingAtTheSecondRequest();
    register(service, backend);
    for (int i = 0; i < 20; i++) {
      assertThat(get(service).status()).as("GET %d", i).isEqualTo(200);
    }
    assertThat(GatewayIT.instance(service + "-1").at("/errors").asInt()).isZero();
    assertThat(backend.connections).hasValue(20);
  }

  /// As workers of a server end one after the other while callers keep coming.
  @Test
  void anInstanceThatClosesConnectionsNowAndThenIsNotSeenByReadersUnderLoad() throws Exception {
    String service = front.own("restless");
    RawBackend backend =
        RawBackend.start(
            (socket, _, number) -> {
              int draw = ThreadLocalRandom.current().nextInt(4);
              if (draw == 0 && number > 1) {
                socket.close();
                return;
              }
              RawBackend.write(socket, "HTTP/1.1 200 OK~Content-Length: 2~~ok");
              if (draw == 1) {
                socket.close();
              }
            });
    register(service, backend);
    try (ExecutorService callers = Executors.newFixedThreadPool(4)) {
      List<Future<Integer>> statuses = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        statuses.add(callers.submit(() -> get(service).status()));
      }
      for (Future<Integer> status : statuses) {
        assertThat(status.get(30, TimeUnit.SECONDS)).isEqualTo(200);
      }
    }
    assertThat(GatewayIT.instance(service + "-1").at("/errors").asInt()).isZero();
    assertThat(backend.connections.get()).as("and some are kept").isLessThan(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding\u0001: chunked",
        "Transfer-Encoding\u000b: chunked",
        "X(A): b",
        "X A: b",
        "X-\u00e4: b",
        "X-A: b\u0001c",
        "X-A: b\u007fc",
      })
  void fieldsThatMayNotBeAreNotPassedOn(String field) {
    String service = front.own("field" + Math.abs(field.hashCode()));
    register(service, RawBackend.answering("HTTP/1.1 200 OK~Content-Length: 2~" + field + "~~ok"));
    assertFailed(get(service));
  }

  /// Both become spaces, as RFC 9110 allows (section 5.5).
  @ParameterizedTest
  @ValueSource(strings = {"X-A: b\rSet-Cookie: c=d", "X-A: b\u0000Set-Cookie: c=d"})
  void noValueEndsItsLineEarly(String field) {
    String service = front.own("split" + Math.abs(field.hashCode()));
    register(service, RawBackend.answering("HTTP/1.1 200 OK~Content-Length: 2~" + field + "~~ok"));
    Answer answer = get(service);
    assertThat(answer.header("X-A")).contains("b Set-Cookie: c=d");
    assertThat(answer.header("Set-Cookie")).isEmpty();
  }

  @Test
  void aChangeOfProtocolThatNobodyAskedForFailsAtOnce() {
    String service = front.own("switching");
    register(
        service,
        RawBackend.answering("HTTP/1.1 101 Switching Protocols~Upgrade: x~Connection: upgrade~~"));
    long begin = System.nanoTime();
    assertFailed(get(service));
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
  }

  @ParameterizedTest
  @CsvSource({
    "79, 10, true",
    "80, 10, false",
    "3, 15000, true",
    "1, 17000, false",
    "5, 14000, false"
  })
  void manyOrLongFieldsPassByBothWaysOrByNone(int fields, int length, boolean pass) {
    String service = front.own("fields-%d-%d".formatted(fields, length));
    StringBuilder head = new StringBuilder("HTTP/1.1 200 OK~Content-Length: 2~");
    for (int i = 0; i < fields; i++) {
      head.append("X-F").append(i).append(": ").append("v".repeat(length)).append('~');
    }
    register(service, RawBackend.answering(head + "~ok"));
    Answer answer = get(service);
    if (pass) {
      assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
      assertThat(answer.header("X-F" + (fields - 1))).contains("v".repeat(length));
    } else {
      assertFailed(answer);
    }
  }

  @Test
  void extensionsOfChunksDoNotOutweighTheAnswer() throws Exception {
    String service = front.own("extensions");
    RawBackend backend =
        RawBackend.start(
            (socket, _, _) -> {
              RawBackend.write(socket, "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~");
              for (int i = 0; i < 8_000; i++) {
                RawBackend.write(socket, "1;" + "x".repeat(15_000) + "~d~");
              }
              RawBackend.write(socket, "0~~");
            });
    register(service, backend);
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThatThrownBy(
              () ->
                  client.send(
                      front.calls().request("/gateway/" + service + "/x").GET().build(),
                      HttpResponse.BodyHandlers.ofByteArray()))
          .isInstanceOf(IOException.class);
    }
  }

  /// It may have been done: the caller decides.
  @Test
  void whatMayNotBeRepeatedIsAnsweredWith502() {
    String service = front.own("reloaded-post");
    RawBackend backend = closingAtTheSecondRequest();
    register(service, backend);
    assertThat(get(service).status()).isEqualTo(200);
    Answer answer =
        front
            .calls()
            .send(
                front.calls().request("/gateway/" + service + "/x").POST(BodyPublishers.noBody()));
    assertFailed(answer);
    assertThat(backend.requests).hasValue(2);
  }

  private Answer get(String service) {
    return front.calls().get("/gateway/" + service + "/x");
  }

  private static void register(String service, RawBackend backend) {
    OPEN.add(backend);
    GatewayIT.register(service, service + "-1", backend.port());
  }

  private static void assertFailed(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(502);
    assertThat(answer.json().at("/type").asText()).endsWith(":instance-failed");
  }

  /// Answers the first request of a connection and closes it when the next one comes.
  private static RawBackend closingAtTheSecondRequest() {
    return RawBackend.start(
        (socket, _, number) -> {
          if (number == 1) {
            RawBackend.write(socket, "HTTP/1.1 200 OK~Content-Length: 2~~ok");
          } else {
            socket.close();
          }
        });
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
