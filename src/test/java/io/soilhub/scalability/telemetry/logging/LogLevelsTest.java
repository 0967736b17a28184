package io.soilhub.scalability.telemetry.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.soilhub.scalability.platform.core.Problem;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogLevelsTest {

  private static final String PACKAGE = "soilhub.levels";
  private final LogLevels levels = new LogLevels();
  private final Logger below = Logger.getLogger(PACKAGE + ".Below");

  @AfterEach
  void asBefore() {
    levels.replace(Map.of());
  }

  @Test
  void aLevelHoldsForAPackageWithAllBelowIt() {
    assertThat(below.isLoggable(Level.FINE)).isFalse();
    levels.replace(Map.of(PACKAGE, "debug"));
    assertThat(below.isLoggable(Level.FINE)).isTrue();
    assertThat(levels.all()).isEqualTo(Map.of(PACKAGE, "debug"));
  }

  @Test
  void whatIsNotNamedLogsAsBefore() {
    levels.replace(Map.of(PACKAGE, "off"));
    assertThat(below.isLoggable(Level.SEVERE)).isFalse();
    levels.replace(Map.of("soilhub.other", "error"));
    assertThat(below.isLoggable(Level.INFO)).isTrue();
    assertThat(levels.all()).containsOnlyKeys("soilhub.other");
  }

  @Test
  void everythingWrongIsNamedAndNothingChanged() {
    levels.replace(Map.of(PACKAGE, "debug"));
    Map<String, String> wanted = new HashMap<>();
    wanted.put(PACKAGE, "loud");
    wanted.put("a/b", "info");
    wanted.put("nothing", null);
    Problem problem = catchThrowableOfType(Problem.class, () -> levels.replace(wanted));
    assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID);
    assertThat(problem.violations())
        .extracting(Problem.Violation::pointer)
        .containsExactlyInAnyOrder("/levels/" + PACKAGE, "/levels/a~1b", "/levels/nothing");
    assertThat(levels.all()).isEqualTo(Map.of(PACKAGE, "debug"));
  }
}
