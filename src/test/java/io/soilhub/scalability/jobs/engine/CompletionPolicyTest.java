package io.soilhub.scalability.jobs.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.TextNode;
import io.soilhub.scalability.jobs.journal.ClaimedJob;
import io.soilhub.scalability.jobs.journal.JobStatus;
import io.soilhub.scalability.jobs.journal.RetryDelay;
import io.soilhub.scalability.jobs.journal.Settlement;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.DatabaseSettings;
import io.soilhub.scalability.platform.postgres.DatabaseUnavailable;
import io.soilhub.scalability.telemetry.tracing.TraceContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CompletionPolicyTest {

  private final CompletionPolicy completionPolicy =
      new CompletionPolicy(
          new RetryDelay(Duration.ofSeconds(1), Duration.ofSeconds(8)), new SplittableRandom(1));

  @Test
  void aFailureIsRepeatedWhileAttemptsAreLeft() {
    Settlement first = completionPolicy.threw(job(1, 2), new IllegalStateException("secret"));
    assertThat(first.status()).isEqualTo(JobStatus.RETRYING);
    assertThat(first.errorType()).isEqualTo("UNEXPECTED");
    assertThat(first.errorMessage()).doesNotContain("secret").doesNotContain("Exception");
    Settlement last = completionPolicy.threw(job(2, 2), new IllegalStateException("secret"));
    assertThat(last.status()).isEqualTo(JobStatus.FAILED);
  }

  @Test
  void theHandlerSaysWhatIsPermanent() {
    Settlement end = completionPolicy.threw(job(1, 9), JobFailed.permanently("NO_DATA", "none"));
    assertThat(end.status()).isEqualTo(JobStatus.FAILED);
    assertThat(end.errorType()).isEqualTo("NO_DATA");
    Settlement again = completionPolicy.threw(job(1, 9), JobFailed.transiently("BUSY", "later"));
    assertThat(again.status()).isEqualTo(JobStatus.RETRYING);
    assertThat(again.delay()).isLessThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aFailureWithoutAMessageIsAFailure() {
    Settlement end = completionPolicy.threw(job(1, 9), JobFailed.permanently("NO_DATA", null));
    assertThat(end.status()).isEqualTo(JobStatus.FAILED);
    assertThat(end.errorMessage()).isEmpty();
    assertThat(
            completionPolicy.threw(job(1, 9), JobFailed.transiently("BUSY", null)).errorMessage())
        .isEmpty();
  }

  @Test
  void whileTheDatabaseIsAwayARunIsPutOffWithGrowingDelaysAndThenFails() {
    DatabaseUnavailable away = away();
    List<Duration> longest = new ArrayList<>();
    for (int before = 0; before < CompletionPolicy.MOST_POSTPONEMENTS; before++) {
      Duration most = Duration.ZERO;
      for (int i = 0; i < 200; i++) {
        Settlement end = completionPolicy.threw(job(1, 2, before), away);
        assertThat(end.status()).isEqualTo(JobStatus.PENDING);
        assertThat(end.postponements()).isEqualTo(before + 1);
        most = end.delay().compareTo(most) > 0 ? end.delay() : most;
      }
      longest.add(most);
    }
    assertThat(longest.get(0)).isLessThanOrEqualTo(Duration.ofSeconds(1));
    assertThat(longest.get(1)).isBetween(Duration.ofMillis(1001), Duration.ofSeconds(2));
    assertThat(longest.get(9)).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(8));
    Settlement failed =
        completionPolicy.threw(job(1, 2, CompletionPolicy.MOST_POSTPONEMENTS), away);
    assertThat(failed.status()).isEqualTo(JobStatus.RETRYING);
    assertThat(failed.errorType()).isEqualTo("DATABASE_UNAVAILABLE");
    assertThat(failed.postponements()).isZero();
  }

  private static DatabaseUnavailable away() {
    Duration moment = Duration.ofMillis(250);
    try (Database nowhere =
        new Database(DatabaseSettings.of("postgresql://nobody:none@localhost:1/x", 10, moment))) {
      return catchThrowableOfType(DatabaseUnavailable.class, nowhere::ping);
    }
  }

  @Test
  void aProblemKeepsItsTypeAndWords() {
    Problem problem = new Problem(Problem.Kind.UNAVAILABLE, "service-away", "It is away.");
    Settlement end = completionPolicy.threw(job(1, 1), problem);
    assertThat(end.errorType()).isEqualTo("SERVICE_AWAY");
    assertThat(end.errorMessage()).isEqualTo("It is away.");
  }

  @Test
  void aStopDecidesByItsReason() {
    assertThat(completionPolicy.stopped(job(1, 4), JobExecution.Stop.LOST)).isEmpty();
    assertThat(
            completionPolicy.stopped(job(1, 4), JobExecution.Stop.CANCELLED).orElseThrow().status())
        .isEqualTo(JobStatus.CANCELLED);
    assertThat(
            completionPolicy.stopped(job(1, 4), JobExecution.Stop.SHUTDOWN).orElseThrow().status())
        .isEqualTo(JobStatus.PENDING);
    assertThat(
            completionPolicy.stopped(job(1, 4), JobExecution.Stop.TIMEOUT).orElseThrow().status())
        .isEqualTo(JobStatus.RETRYING);
    assertThat(
            completionPolicy.stopped(job(4, 4), JobExecution.Stop.TIMEOUT).orElseThrow().status())
        .isEqualTo(JobStatus.FAILED);
  }

  @Test
  void aResultTooLargeForItsRowFailsTheJob() {
    assertThat(completionPolicy.returned(job(1, 4), TextNode.valueOf("fine")).status())
        .isEqualTo(JobStatus.COMPLETED);
    Settlement large =
        completionPolicy.returned(
            job(1, 4), TextNode.valueOf("x".repeat(CompletionPolicy.LARGEST_RESULT)));
    assertThat(large.status()).isEqualTo(JobStatus.FAILED);
    assertThat(large.errorType()).isEqualTo("RESULT_TOO_LARGE");
  }

  @Test
  void textThatPostgresCannotHoldIsCleaned() {
    Settlement end =
        completionPolicy.threw(job(1, 1), JobFailed.permanently("X", "a\0b".repeat(5000)));
    assertThat(end.errorMessage()).doesNotContain("\0").hasSizeLessThanOrEqualTo(2000);
  }

  private static ClaimedJob job(int attempt, int most) {
    return job(attempt, most, 0);
  }

  private static ClaimedJob job(int attempt, int most, int postponements) {
    return new ClaimedJob(
        new UUID(1, 2),
        "cleanup",
        "x",
        1,
        "{}",
        2,
        JobStatus.RUNNING,
        attempt,
        most,
        3,
        Duration.ofSeconds(5),
        0,
        postponements,
        TraceContext.NONE);
  }
}
