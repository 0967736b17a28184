package io.soilhub.scalability.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.TestPostgres;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeaderElectionIT {

  private final AtomicLong nanos = new AtomicLong();
  private Database one;
  private Database two;
  private LeaderElection first;
  private LeaderElection second;

  @BeforeEach
  void twoReplicas() {
    String url = TestPostgres.shared().newDatabase();
    one = TestPostgres.open(url);
    two = TestPostgres.open(url);
    first = new LeaderElection(one, "test", nanos::get);
    second = new LeaderElection(two, "test", nanos::get);
    first.step();
    second.step();
  }

  @AfterEach
  void close() {
    first.close();
    second.close();
    one.close();
    two.close();
  }

  @Test
  void oneLeadsAndKeepsLeading() {
    for (int i = 0; i < 5; i++) {
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
      first.step();
      second.step();
      assertThat(first.isLeader()).isTrue();
      assertThat(second.isLeader()).isFalse();
    }
  }

  @Test
  void leadershipOfAnotherRoleIsFree() {
    try (LeaderElection other = new LeaderElection(two, "other", nanos::get)) {
      other.step();
      assertThat(other.isLeader()).isTrue();
    }
  }

  @Test
  void anotherFollowsALeaderThatStops() {
    first.close();
    assertThat(first.isLeader()).isFalse();
    Await.until("another leads", Duration.ofSeconds(20), this::secondLeads);
  }

  @Test
  void aLeaderThatLosesItsSessionKnowsAndAnotherFollows() {
    endLeadingSession();
    first.step();
    assertThat(first.isLeader()).isFalse();
    second.step();
    assertThat(second.isLeader()).isTrue();
    first.step();
    assertThat(first.isLeader()).isFalse();
  }

  @Test
  void aLeaderThatStoodStillDoesNotBelieveInItselfAnyMore() {
    nanos.addAndGet(LeaderElection.BELIEF.toNanos() - 1);
    assertThat(first.isLeader()).isTrue();
    nanos.addAndGet(1);
    assertThat(first.isLeader()).isFalse();
    assertThat(LeaderElection.BELIEF).isLessThan(LeaderElection.SERVER_PATIENCE);
  }

  @Test
  void theServerEndsTheSessionOfALeaderThatStandsStill() {
    Await.until("another leads", LeaderElection.SERVER_PATIENCE.plusSeconds(30), this::secondLeads);
    first.step();
    assertThat(first.isLeader()).isFalse();
  }

  private boolean secondLeads() {
    second.step();
    return second.isLeader();
  }

  /// Waits until it has ended: its lock is free then.
  private void endLeadingSession() {
    two.inTransaction(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            return statement.execute(
                "SELECT pg_terminate_backend(l.pid, 30000) FROM pg_locks l JOIN pg_database d"
                    + " ON d.oid = l.database WHERE l.locktype = 'advisory'"
                    + " AND d.datname = current_database()");
          }
        });
  }
}
