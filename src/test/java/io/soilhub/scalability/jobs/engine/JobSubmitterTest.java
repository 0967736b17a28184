package io.soilhub.scalability.jobs.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.soilhub.scalability.platform.core.Uuid7;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class JobSubmitterTest {

  private final Uuid7 ids =
      new Uuid7(
          Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC),
          new SplittableRandom(1));

  @Test
  void derivedIdsAreTheSameInEveryRepeatAndDifferOtherwise() {
    UUID operation = ids.next();
    UUID other = ids.next();
    Set<UUID> seen = new HashSet<>();
    for (int i = 0; i < Jobs.MOST_AT_ONCE; i++) {
      assertThat(JobSubmitter.derived(operation, i)).isEqualTo(JobSubmitter.derived(operation, i));
      assertThat(seen.add(JobSubmitter.derived(operation, i))).isTrue();
      assertThat(seen.add(JobSubmitter.derived(other, i))).isTrue();
    }
  }

  @Test
  void derivedIdsKeepTheTimeAndTheOrder() {
    UUID operation = ids.next();
    UUID before = JobSubmitter.derived(operation, 0);
    for (int i = 1; i < Jobs.MOST_AT_ONCE; i++) {
      UUID id = JobSubmitter.derived(operation, i);
      assertThat(id.version()).isEqualTo(7);
      assertThat(id.variant()).isEqualTo(2);
      assertThat(id.getMostSignificantBits() >>> 16)
          .isEqualTo(operation.getMostSignificantBits() >>> 16);
      assertThat(id.toString()).isGreaterThan(before.toString());
      before = id;
    }
  }

  @Test
  void anOperationWithoutTimeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JobSubmitter.derived(new UUID(0x4000L, 0x8000L << 48), 0));
  }
}
