package io.soilhub.scalability.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.testing.HttpCalls;
import io.soilhub.scalability.testing.LibertyReplica;
import io.soilhub.scalability.testing.RawHttp;
import io.soilhub.scalability.testing.ServiceEnvironment;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What callers who have proven nothing can make the server's port hold in memory. The replica is
/// its own, because it is led to its limits.
class ServerConnectionsIT {

  /// One more field, or one longer, is refused.
  private static final int FIELDS = ServerConnections.MOST_FIELDS;

  private static final int FIELD = ServerConnections.LONGEST_FIELD;

  /// With such heads more than the heap; most of them are closed at once.
  private static final int CALLERS = 800;

  private static final Duration SOON = Duration.ofSeconds(30);
  private static TestRedis redis;
  private static LibertyReplica replica;

  @BeforeAll
  static void start() {
    redis = TestRedis.start();
    replica =
        LibertyReplica.start(
            "connections", ServiceEnvironment.variables(TestPostgres.shared(), redis));
  }

  @AfterAll
  static void end() {
    if (replica != null) {
      replica.kill();
    }
    redis.close();
  }

  @Test
  void headsThatNeverEndDoNotEndTheReplica() throws IOException {
    String unfinished =
        "GET /health/live HTTP/1.1\r\nHost: localhost\r\n"
            + ("X: " + "a".repeat(FIELD - 10) + "\r\n").repeat(FIELDS - 2)
            + "X: a";
    byte[] head = unfinished.getBytes(StandardCharsets.US_ASCII);
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < CALLERS; i++) {
        Socket socket = new Socket("localhost", replica.uri().getPort());
        open.add(socket);
        try {
          socket.getOutputStream().write(head);
        } catch (IOException _) {
          // one over the limit is closed at once
        }
      }
      assertThat(replica.runs()).isTrue();
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
    replica.awaitStatus("/health/ready", 200, SOON);
    assertThat(replica.console()).doesNotContain("OutOfMemoryError");
  }

  /// For instance a token.
  @Test
  void aFieldOfEightKilobytesPasses() {
    RawHttp server = new RawHttp(replica.uri());
    String head = "GET %s/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
    String long8 = "Authorization: Bearer " + "a".repeat(8_000) + "\r\n";
    String request = head.formatted(HttpCalls.API);
    assertThat(server.send(request + long8 + "\r\n").status()).isEqualTo(200);
    assertThat(server.send(request + "X: " + "a".repeat(9_000) + "\r\n\r\n").status())
        .isBetween(400, 499);
    assertThat(server.send(request + "X: a\r\n".repeat(FIELDS - 3) + "\r\n").status())
        .isEqualTo(200);
    assertThat(server.send(request + "X: a\r\n".repeat(FIELDS) + "\r\n").status())
        .isBetween(400, 499);
  }
}
