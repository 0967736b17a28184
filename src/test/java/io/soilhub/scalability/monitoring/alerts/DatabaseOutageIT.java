package io.soilhub.scalability.monitoring.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.jobs.notifications.Delivery;
import io.soilhub.scalability.jobs.notifications.Delivery.Delivered;
import io.soilhub.scalability.jobs.notifications.Delivery.Failed;
import io.soilhub.scalability.monitoring.alerts.AlertStateMachine.Before;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.Sql;
import io.soilhub.scalability.testing.HandSetClock;
import io.soilhub.scalability.testing.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// An outage of PostgreSQL that the test plays, and what is left in a real one after it.
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class DatabaseOutageIT {

  private static final Delivery TAKEN = new Delivered(OptionalInt.of(200));
  private static final String FIRING = "[critical] component-failing (firing: 1)";
  private static final String RESOLVED = "[critical] component-failing (resolved: 1)";

  private final HandSetClock clock = new HandSetClock("2026-06-01T00:00:00Z");
  private final MemoryOutbox memory = new MemoryOutbox(this::nanos);
  private final List<String> sent = new ArrayList<>();
  private final List<Silence> silences = new ArrayList<>();
  private Delivery answer = TAKEN;
  private Database database;
  private DatabaseOutage outage;

  @BeforeEach
  void open() {
    database = TestPostgres.open(TestPostgres.shared().newDatabase());
    database.migrate();
    AlertSettings settings =
        new AlertSettings(Duration.ofSeconds(15), true, List.of(), Duration.ofDays(1));
    outage =
        new DatabaseOutage(
            database,
            () ->
                new Before(
                    AlertRules.DEFAULTS,
                    List.of(),
                    List.copyOf(silences),
                    Instant.EPOCH,
                    settings.longestGap()),
            settings,
            memory,
            new Uuid7(clock, new Random(7)),
            clock,
            this::nanos,
            "a");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void theLeaderTellsOnceFromMemoryAndOfTheEndFromTheTable() {
    seconds(1, true, true);
    seconds(30, false, false);
    assertThat(sent).as("not before the rule's time").isEmpty();
    seconds(300, false, false);
    assertThat(sent).containsExactly(FIRING);
    seconds(5, true, false);
    assertThat(sent).containsExactly(FIRING);
    assertThat(owed()).containsExactly(RESOLVED);
  }

  @Test
  void whatCouldNotBeSentMeanwhileIsLeftToTheTableInOrder() {
    answer = new Failed("WEBHOOK_FAILED", "503");
    seconds(1, true, true);
    seconds(100, false, false);
    assertThat(sent).hasSizeBetween(2, 10).containsOnly(FIRING);
    seconds(5, true, false);
    assertThat(owed()).containsExactly(FIRING, RESOLVED);
  }

  @Test
  void whoDidNotLeadTellsNothing() {
    seconds(1, true, true);
    seconds(100, true, false);
    seconds(100, false, false);
    seconds(1, true, false);
    assertThat(sent).isEmpty();
    assertThat(owed()).isEmpty();
  }

  @Test
  void anOutageAfterAnotherFindsTheLeaderAlsoBeforeItLeadsAgain() {
    seconds(1, true, true);
    seconds(100, false, false);
    seconds(2, true, false);
    seconds(100, false, false);
    assertThat(sent).containsExactly(FIRING, FIRING);
  }

  /// Leading ends at once, and the look at PostgreSQL takes its time.
  @Test
  void aDatabaseThatHangsIsToldTooByWhoLed() {
    seconds(1, true, true);
    seconds(60, true, false);
    seconds(100, false, false);
    assertThat(sent).containsExactly(FIRING);
  }

  @Test
  void aShortOneIsToldToNobody() {
    seconds(1, true, true);
    seconds(20, false, false);
    seconds(5, true, true);
    assertThat(sent).isEmpty();
    assertThat(owed()).isEmpty();
  }

  @Test
  void theSilencesOfTheLastEvaluationHold() {
    Silence.Matcher postgres = new Silence.Matcher("component", "postgresql");
    Instant now = clock.instant();
    silences.add(
        new Silence(new UUID(1, 1), List.of(postgres), now, now.plusSeconds(3600), "me", "x"));
    seconds(1, true, true);
    seconds(100, false, false);
    assertThat(sent).isEmpty();
  }

  /// As the loop does it.
  private void seconds(int count, boolean available, boolean leads) {
    NotificationDelivery delivery =
        new NotificationDelivery(
            memory,
            (_, message) -> {
              sent.add(message.path("subject").asText());
              return answer;
            },
            Set.of("webhook"),
            Runnable::run);
    for (int i = 0; i < count; i++) {
      outage.step(available, leads);
      if (!available) {
        delivery.step(true);
      }
      clock.forward(Duration.ofSeconds(1));
    }
  }

  private List<String> owed() {
    return database.inStatement(
        connection ->
            Sql.read(
                connection,
                "SELECT payload::json ->> 'subject' FROM alert_outbox ORDER BY position",
                row -> row.getString(1)));
  }

  private long nanos() {
    return Duration.between(Instant.EPOCH, clock.instant()).toNanos();
  }
}
