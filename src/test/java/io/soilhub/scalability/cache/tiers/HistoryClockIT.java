package io.soilhub.scalability.cache.tiers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.condition.OS.LINUX;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;

/// Histories of several processes may be judged together only when they share a clock.
class HistoryClockIT {

  /// Prints the clock of another process.
  static final class Other {
    public static void main(String[] arguments) {
      System.out.print(System.nanoTime());
    }
  }

  @Test
  @EnabledOnOs(value = LINUX, disabledReason = "elsewhere the clock may have an origin a process")
  void nanoTimeIsOneClockForAllProcessesOfAMachine() throws Exception {
    for (int i = 0; i < 3; i++) {
      long before = System.nanoTime();
      Process other =
          new ProcessBuilder(
                  System.getProperty("java.home") + "/bin/java",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Other.class.getName())
              .start();
      String said =
          new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      assertThat(Long.parseLong(said)).isBetween(before, System.nanoTime());
    }
  }
}
