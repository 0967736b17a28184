package io.soilhub.scalability.monitoring.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UtilizationTest {

  private final Utilization utilization = new Utilization();

  @Test
  void theShareIsThatOfTheTimeBetweenTwoLooks() {
    assertThat(utilization.look(at(0), 100, 1000)).isEmpty();
    assertThat(utilization.look(at(1000), 125, 1100)).hasValue(0.25);
    assertThat(utilization.look(at(3000), 125, 1300)).hasValue(0);
  }

  @Test
  void aLookWithinASecondTellsTheSameAndMovesNothing() {
    utilization.look(at(0), 0, 0);
    assertThat(utilization.look(at(1000), 50, 100)).hasValue(0.5);
    assertThat(utilization.look(at(1999), 100, 101)).hasValue(0.5);
    assertThat(utilization.look(at(2000), 150, 200)).hasValue(1.0);
  }

  @Test
  void theSecondLookTellsSomethingHoweverSoonItComes() {
    utilization.look(at(0), 0, 0);
    assertThat(utilization.look(at(10), 5, 10)).hasValue(0.5);
  }

  @Test
  void itStaysWithinZeroAndOneAndDividesByNothing() {
    utilization.look(at(0), 0, 0);
    assertThat(utilization.look(at(1000), 5, 0)).isEmpty();
    assertThat(utilization.look(at(2000), 500, 100)).hasValue(1);
  }

  private static long at(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
