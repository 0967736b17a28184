package io.soilhub.scalability.jobs.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.telemetry.tracing.TraceContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OperationQueueTest {

  private static final int MEGABYTE = 1 << 20;

  private final OperationQueue queue = new OperationQueue(100, 3L * MEGABYTE);

  @Test
  void submissionsAreRefusedWhenTheirPayloadsAreTooMuch() {
    List<JournalOperation> taken = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      taken.add(submission(MEGABYTE));
      assertThat(queue.offer(taken.getLast())).isTrue();
    }
    assertThat(queue.offer(submission(10))).isFalse();
    taken.getFirst().answer().cancel(false);
    assertThat(queue.offer(submission(10))).isTrue();
  }

  @Test
  void submissionsAreRefusedWhenTheyAreTooMany() {
    for (int i = 0; i < 100; i++) {
      assertThat(queue.offer(submission(1))).isTrue();
    }
    assertThat(queue.offer(submission(1))).isFalse();
  }

  @Test
  void settlementsAndClaimsAreNeverRefused() {
    for (int i = 0; i < 200; i++) {
      assertThat(queue.offer(settlement(MEGABYTE / 16))).isTrue();
    }
    assertThat(queue.offer(claim())).isTrue();
  }

  @Test
  void aGroupIsBoundedByItsBytes() throws InterruptedException {
    for (int i = 0; i < 10; i++) {
      queue.offer(settlement(MEGABYTE));
    }
    assertThat(queue.next(Duration.ZERO)).hasSize(4);
    assertThat(queue.next(Duration.ZERO)).hasSize(4);
    assertThat(queue.nextLate(Duration.ZERO)).hasSize(2);
    assertThat(queue.next(Duration.ZERO)).isEmpty();
  }

  private static JournalOperation submission(int bytes) {
    NewJob job =
        new NewJob(
            UUID.randomUUID(),
            "test",
            "recommendations",
            1,
            "x".repeat(bytes),
            List.of(),
            1,
            Duration.ofSeconds(1),
            NewJob.AT_ONCE,
            Duration.ZERO,
            TraceContext.NONE);
    return new JournalOperation.Submit(List.of(job), new CompletableFuture<>());
  }

  private static JournalOperation claim() {
    return new JournalOperation.Claim(
        List.of(UUID.randomUUID()), "one", UUID.randomUUID(), new CompletableFuture<>());
  }

  private static JournalOperation settlement(int bytes) {
    Settlement settlement =
        new Settlement(
            UUID.randomUUID(),
            1,
            JobStatus.COMPLETED,
            "x".repeat(bytes),
            "",
            "",
            Duration.ZERO,
            true,
            0);
    return new JournalOperation.Settle(List.of(settlement), new CompletableFuture<>());
  }
}
