package io.soilhub.scalability.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each rule finds the violation that was made for it: a rule that cannot fire protects nothing.
class RulesFireTest {

  private static final String BASE = "io.soilhub.scalability.architecture.violations";
  private static final JavaClasses VIOLATIONS = new ClassFileImporter().importPackages(BASE);
  private static final Map<String, ArchRule> RULES = new Rules(BASE).all();

  @ParameterizedTest
  @CsvSource({
    "arrows of platform, ReachesUp",
    "arrows of room jobs.queue, ReachesEngine",
    "doors, PassesTheDoor",
    "every room has its line, Unlisted",
    "no cycles of features, ReachesUp",
    "no cycles of rooms, ReachesEngine",
    "Redis behind its adapters, TalksToRedis",
    "JPA behind its adapters, TalksToJpa",
    "OpenTelemetry behind its adapter, TalksToOpenTelemetry",
    "HTTP in resources, TalksHttp",
    "time and chance from outside, AsksTheClock",
    "time and chance from outside, SleepsAwhile",
    "names, ThingManager",
    "JAX-RS classes are public, HiddenResource",
    "beans can be proxied, FinalBean",
  })
  void findsItsViolation(String rule, String violation) {
    assertThat(RULES.get(rule).evaluate(VIOLATIONS).getFailureReport().toString())
        .contains(violation);
  }
}
