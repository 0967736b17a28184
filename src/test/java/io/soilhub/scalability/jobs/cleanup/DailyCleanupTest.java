package io.soilhub.scalability.jobs.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DailyCleanupTest {

  @Test
  void aDayIsOneOperationAndKeepsItsTime() {
    LocalDate day = LocalDate.of(2026, 3, 1);
    UUID operation = DailyCleanup.operation(day);
    assertThat(operation).isEqualTo(DailyCleanup.operation(day));
    assertThat(operation).isNotEqualTo(DailyCleanup.operation(day.plusDays(1)));
    assertThat(operation.version()).isEqualTo(7);
    assertThat(operation.variant()).isEqualTo(2);
    assertThat(operation.getMostSignificantBits() >>> 16)
        .isEqualTo(day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli());
  }
}
