package io.soilhub.scalability.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import io.soilhub.scalability.journal.ClaimedJob;
import io.soilhub.scalability.journal.JobStatus;
import io.soilhub.scalability.journal.RetryDelay;
import io.soilhub.scalability.journal.Settlement;
import io.soilhub.scalability.platform.Problem;
import io.soilhub.scalability.tracing.TraceContext;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class VerdictTest {

  private final Verdict verdict =
      new Verdict(
          new RetryDelay(Duration.ofSeconds(1), Duration.ofSeconds(8)), new SplittableRandom(1));

  @Test
  void aFailureIsRepeatedWhileAttemptsAreLeft() {
    Settlement first = verdict.threw(job(1, 2), new IllegalStateException("secret"));
    assertThat(first.status()).isEqualTo(JobStatus.RETRYING);
    assertThat(first.errorType()).isEqualTo("UNEXPECTED");
    assertThat(first.errorMessage()).doesNotContain("secret").doesNotContain("Exception");
    Settlement last = verdict.threw(job(2, 2), new IllegalStateException("secret"));
    assertThat(last.status()).isEqualTo(JobStatus.FAILED);
  }

  @Test
  void theHandlerSaysWhatIsPermanent() {
    Settlement end = verdict.threw(job(1, 9), JobFailed.permanently("NO_DATA", "none"));
    assertThat(end.status()).isEqualTo(JobStatus.FAILED);
    assertThat(end.errorType()).isEqualTo("NO_DATA");
    Settlement again = verdict.threw(job(1, 9), JobFailed.transiently("BUSY", "later"));
    assertThat(again.status()).isEqualTo(JobStatus.RETRYING);
    assertThat(again.delay()).isLessThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aProblemKeepsItsTypeAndWords() {
    Problem problem = new Problem(Problem.Kind.UNAVAILABLE, "service-away", "It is away.");
    Settlement end = verdict.threw(job(1, 1), problem);
    assertThat(end.errorType()).isEqualTo("SERVICE_AWAY");
    assertThat(end.errorMessage()).isEqualTo("It is away.");
  }

  @Test
  void aStopDecidesByItsReason() {
    assertThat(verdict.stopped(job(1, 4), ActiveRun.Stop.LOST)).isEmpty();
    assertThat(verdict.stopped(job(1, 4), ActiveRun.Stop.CANCELLED).orElseThrow().status())
        .isEqualTo(JobStatus.CANCELLED);
    assertThat(verdict.stopped(job(1, 4), ActiveRun.Stop.SHUTDOWN).orElseThrow().status())
        .isEqualTo(JobStatus.PENDING);
    assertThat(verdict.stopped(job(1, 4), ActiveRun.Stop.TIMEOUT).orElseThrow().status())
        .isEqualTo(JobStatus.RETRYING);
    assertThat(verdict.stopped(job(4, 4), ActiveRun.Stop.TIMEOUT).orElseThrow().status())
        .isEqualTo(JobStatus.FAILED);
  }

  @Test
  void aResultTooLargeForItsRowFailsTheJob() {
    assertThat(verdict.returned(job(1, 4), TextNode.valueOf("fine")).status())
        .isEqualTo(JobStatus.COMPLETED);
    Settlement large =
        verdict.returned(job(1, 4), TextNode.valueOf("x".repeat(Verdict.LARGEST_RESULT)));
    assertThat(large.status()).isEqualTo(JobStatus.FAILED);
    assertThat(large.errorType()).isEqualTo("RESULT_TOO_LARGE");
  }

  @Test
  void textThatPostgresCannotHoldIsCleaned() {
    Settlement end = verdict.threw(job(1, 1), JobFailed.permanently("X", "a\0b".repeat(5000)));
    assertThat(end.errorMessage()).doesNotContain("\0").hasSizeLessThanOrEqualTo(2000);
  }

  private static ClaimedJob job(int attempt, int most) {
    return new ClaimedJob(
        new UUID(1, 2),
        "cleanup",
        "x",
        1,
        "{}",
        JobStatus.RUNNING,
        attempt,
        most,
        3,
        Duration.ofSeconds(5),
        0,
        TraceContext.NONE);
  }
}
