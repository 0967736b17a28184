package io.soilhub.scalability.platform.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  private final ByteBudget budget = new ByteBudget(100);

  @Test
  void whatDoesNotFitWaitsForWhatIsGivenBack() throws Exception {
    assertThat(budget.tryTake(60, Duration.ZERO)).isTrue();
    assertThat(budget.tryTake(41, Duration.ZERO)).isFalse();
    assertThat(budget.tryTake(40, Duration.ZERO)).isTrue();
    CompletableFuture<Boolean> taken = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                taken.complete(budget.tryTake(50, LONG));
              } catch (InterruptedException e) {
                taken.completeExceptionally(e);
              }
            });
    budget.give(60);
    assertThat(taken.get(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aValueLargerThanTheBudgetPassesAlone() throws Exception {
    assertThat(budget.tryTake(1000, Duration.ZERO)).isTrue();
    assertThat(budget.tryTake(1, Duration.ZERO)).isFalse();
    budget.give(1000);
    assertThat(budget.tryTake(1, Duration.ZERO)).isTrue();
    assertThat(budget.tryTake(1000, Duration.ZERO)).isFalse();
  }

  @Test
  void whatIsThereAlreadyIsCountedWhetherItFitsOrNot() {
    budget.take(70);
    assertThat(budget.isSpent()).isFalse();
    budget.take(70);
    assertThat(budget.isSpent()).isTrue();
    budget.give(70);
    assertThat(budget.isSpent()).isFalse();
  }
}
