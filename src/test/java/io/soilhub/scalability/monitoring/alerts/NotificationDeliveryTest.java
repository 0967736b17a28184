package io.soilhub.scalability.monitoring.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.notifications.Delivery;
import io.soilhub.scalability.jobs.notifications.Delivery.Delivered;
import io.soilhub.scalability.jobs.notifications.Delivery.Failed;
import io.soilhub.scalability.jobs.notifications.Delivery.Refused;
import io.soilhub.scalability.monitoring.alerts.NotificationDelivery.Owed;
import io.soilhub.scalability.platform.core.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/// Delivery from memory, with a hand-set clock and threads that run when the test says so.
class NotificationDeliveryTest {

  private static final Set<String> CHANNELS = Set.of("webhook", "email");

  private long nanos;
  private final MemoryOutbox outbox = new MemoryOutbox(() -> nanos);
  private final List<String> sent = new ArrayList<>();
  private final Map<String, Delivery> answers = new HashMap<>();
  private final NotificationDelivery delivery = delivery(CHANNELS, Runnable::run);
  private int notices;

  @Test
  void ofOneRuleTheNextIsSentWhenTheOneBeforeIsTaken() {
    owe("webhook", "backlog", "firing");
    owe("webhook", "backlog", "resolved");
    answers.put("firing", new Failed("WEBHOOK_FAILED", "500"));
    delivery.step(true);
    pass(NotificationDelivery.pause(1).minusMillis(1));
    delivery.step(true);
    assertThat(sent).containsExactly("firing");
    answers.clear();
    pass(Duration.ofMillis(1));
    delivery.step(true);
    assertThat(sent).containsExactly("firing", "firing", "resolved");
    pass(Duration.ofHours(1));
    delivery.step(true);
    assertThat(sent).hasSize(3);
  }

  @Test
  void oneThatFailsAgainAndAgainHoldsUpItsOwnRuleAlone() {
    owe("webhook", "backlog", "poisoned");
    owe("webhook", "cpu", "other");
    answers.put("poisoned", new Failed("WEBHOOK_FAILED", "500"));
    delivery.step(true);
    assertThat(sent).containsExactly("poisoned", "other");
  }

  @Test
  void oneThatIsRefusedMakesWay() {
    owe("webhook", "backlog", "firing");
    owe("webhook", "backlog", "resolved");
    answers.put("firing", new Refused("WEBHOOK_REFUSED", "404"));
    for (int i = 1; i < NotificationDelivery.MOST_REFUSALS; i++) {
      delivery.step(true);
      assertThat(sent).hasSize(i).containsOnly("firing");
      pass(NotificationDelivery.pause(i));
    }
    delivery.step(true);
    assertThat(sent).hasSize(NotificationDelivery.MOST_REFUSALS + 1).endsWith("firing", "resolved");
    pass(Duration.ofHours(1));
    delivery.step(true);
    assertThat(sent).hasSize(NotificationDelivery.MOST_REFUSALS + 1);
  }

  @Test
  void whoeverIsSlowDelaysNobodyElseAndIsSentToOnce() {
    List<Runnable> threads = new ArrayList<>();
    NotificationDelivery threaded = delivery(CHANNELS, threads::add);
    owe("webhook", "backlog", "to the slow one");
    owe("email:a@x.org", "backlog", "to the other");
    threaded.step(true);
    threaded.step(true);
    assertThat(threads).hasSize(2);
    threads.getLast().run();
    assertThat(sent).containsExactly("to the other");
    owe("email:a@x.org", "backlog", "again to the other");
    threaded.step(true);
    threads.getLast().run();
    assertThat(sent).containsExactly("to the other", "again to the other");
  }

  @Test
  void aFaultOfTheSenderIsAFailedTry() {
    owe("webhook", "backlog", "firing");
    NotificationDelivery faulty =
        new NotificationDelivery(
            outbox,
            (_, message) -> {
              sent.add(message.path("subject").asText());
              if (sent.size() == 1) {
                throw new IOException("reset");
              }
              throw new IllegalStateException("bug");
            },
            CHANNELS,
            Runnable::run);
    faulty.step(true);
    pass(NotificationDelivery.pause(1));
    faulty.step(true);
    pass(NotificationDelivery.pause(2));
    delivery.step(true);
    assertThat(sent).hasSize(3);
  }

  @Test
  void whatAReplicaHasNoChannelForIsNoTryOfIts() {
    owe("email:a@x.org", "backlog", "firing");
    delivery(Set.of("webhook"), Runnable::run).step(true);
    assertThat(sent).isEmpty();
    delivery.step(true);
    assertThat(sent).containsExactly("firing");
  }

  @Test
  void pausesGrowUpToABound() {
    assertThat(NotificationDelivery.pause(1)).isEqualTo(Duration.ofSeconds(5));
    assertThat(NotificationDelivery.pause(2)).isEqualTo(Duration.ofSeconds(10));
    assertThat(NotificationDelivery.pause(1_000)).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void everyRepeatHasTheSameId() {
    List<UUID> ids = new ArrayList<>();
    owe("webhook", "backlog", "firing");
    NotificationDelivery failing =
        new NotificationDelivery(
            outbox,
            (id, _) -> {
              ids.add(id);
              return new Failed("WEBHOOK_FAILED", "503");
            },
            CHANNELS,
            Runnable::run);
    for (int i = 0; i < 20; i++) {
      failing.step(true);
      pass(Duration.ofMinutes(5));
    }
    assertThat(ids).hasSize(20).containsOnly(ids.getFirst());
  }

  private NotificationDelivery delivery(Set<String> channels, Executor threads) {
    return new NotificationDelivery(outbox, this::send, channels, threads);
  }

  private Delivery send(UUID id, ObjectNode message) {
    String subject = message.path("subject").asText();
    sent.add(subject);
    return answers.getOrDefault(subject, new Delivered(OptionalInt.empty()));
  }

  private void owe(String receiver, String rule, String subject) {
    ObjectNode message = Json.object().put("subject", subject);
    outbox.add(List.of(new Owed(new UUID(0, ++notices), receiver, rule, message)));
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }
}
