package io.soilhub.scalability.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.api.RequestLimits.UploadSlots;
import io.soilhub.scalability.platform.core.Problem;
import org.junit.jupiter.api.Test;

class UploadSlotsTest {

  private final UploadSlots slots = new UploadSlots(2);

  @Test
  void oneMoreThanThereAreIsToldToComeAgain() {
    slots.slot().take();
    slots.slot().take();
    assertThatThrownBy(() -> slots.slot().take())
        .isInstanceOfSatisfying(
            Problem.class,
            p -> {
              assertThat(p.kind()).isEqualTo(Problem.Kind.UNAVAILABLE);
              assertThat(p.retryAfter()).isPresent();
            });
  }

  @Test
  void aRequestTakesOneSlotHoweverOftenItsBodyIsAskedFor() {
    for (int i = 0; i < 5; i++) {
      try (UploadSlots.Slot one = slots.slot();
          UploadSlots.Slot other = slots.slot()) {
        one.take();
        one.take();
        other.take();
        assertThatThrownBy(() -> slots.slot().take()).isInstanceOf(Problem.class);
      }
    }
  }

  @Test
  void whoReadsNothingTakesNothing() {
    for (int i = 0; i < 5; i++) {
      slots.slot().close();
    }
    assertThatNoException()
        .isThrownBy(
            () -> {
              slots.slot().take();
              slots.slot().take();
            });
    assertThatThrownBy(() -> slots.slot().take()).isInstanceOf(Problem.class);
  }
}
