package io.soilhub.scalability.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.core.Node;
import io.soilhub.scalability.testing.TestPostgres;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Who is there, and who is missed, on a real PostgreSQL. Time passes by moving all rows back.
class NodesIT {

  private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);

  private Database database;
  private Nodes a;
  private Nodes b;

  @BeforeEach
  void twoReplicas() {
    database = TestPostgres.open(TestPostgres.shared().newDatabase());
    database.migrate();
    a = replica("a");
    b = replica("b");
    a.step();
    b.step();
    a.step();
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void oneThatDiesIsMissedUntilItIsBack() {
    assertThat(a.seen()).extracting(Nodes.Seen::nodeId).containsExactly("a", "b");
    assertThat(a.missing()).isZero();
    pass(Duration.ofSeconds(20), a);
    assertThat(a.seen()).extracting(Nodes.Seen::nodeId).containsExactly("a");
    assertThat(a.missing()).isEqualTo(1);
    pass(FIVE_SECONDS, b, a);
    assertThat(a.missing()).isZero();
  }

  @Test
  void oneThatStopsIsNotMissed() {
    b.leave();
    pass(FIVE_SECONDS, a);
    assertThat(a.seen()).hasSize(1);
    pass(Duration.ofSeconds(20), a);
    assertThat(a.missing()).isZero();
  }

  /// Also when the one in its place dies again and again, each time under another name.
  @Test
  void oneThatWasReplacedIsNotMissed() {
    for (int life = 0; life < 3; life++) {
      pass(Duration.ofSeconds(20), a);
      assertThat(a.missing()).isEqualTo(1);
      pass(FIVE_SECONDS, replica("c" + life), a);
      assertThat(a.missing()).isZero();
    }
  }

  @Test
  void oneThatWasThereBeforeReplacesNobody() {
    Nodes c = replica("c");
    pass(FIVE_SECONDS, c, b, a);
    assertThat(a.seen()).hasSize(3);
    pass(Duration.ofSeconds(20), c, a);
    assertThat(a.missing()).isEqualTo(1);
    pass(Duration.ofMinutes(59), c, a);
    assertThat(a.missing()).isEqualTo(1);
    pass(Duration.ofMinutes(2), c, a);
    assertThat(a.missing()).as("after an hour it is forgotten").isZero();
  }

  /// A heartbeat from the future says nothing about now.
  @Test
  void whenTheClockIsSetBackTheDeadAreNotTakenForAlive() {
    pass(Duration.ofMinutes(-29), a);
    assertThat(a.seen()).extracting(Nodes.Seen::nodeId).containsExactly("a");
    assertThat(a.missing()).isEqualTo(1);
  }

  private Nodes replica(String id) {
    Node node = new Node(id, id + ":8000", "1", Instant.parse("2026-05-01T00:00:00Z"));
    return new Nodes(node, database, () -> false);
  }

  private void pass(Duration time, Nodes... heartbeats) {
    String back = time.toMillis() + " * interval '1 ms'";
    database.inTransaction(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "UPDATE node SET last_seen = last_seen - %1$s, joined_at = joined_at - %1$s"
                      .formatted(back))) {
            return update.executeUpdate();
          }
        });
    for (Nodes heartbeat : heartbeats) {
      heartbeat.step();
    }
  }
}
