package io.soilhub.scalability.service;

import static io.soilhub.scalability.testing.HttpCalls.API;
import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.DevelopmentMode;
import io.soilhub.scalability.testing.ServiceEnvironment;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Liberty's development mode, as a developer uses it: on a copy of the project, in a Maven of its
/// own. It takes longer than other tests, because it starts Maven and a server. A change is live
/// after about ten seconds on two cores; the test waits longer, because other tests run servers
/// too.
class DevelopmentModeIT {

  private static final Path JOBS =
      Path.of("src/main/java/io/soilhub/scalability/jobs/engine/Jobs.java");
  private static final Path TEST = Path.of("src/test/java/io/soilhub/scalability/ChangedTest.java");
  private static final String UNKNOWN_JOB = API + "/jobs/01890000-0000-7000-8000-000000000000";

  @Test
  void changedCodeIsLiveAndAChangedTestRunsOnEnter() {
    var services = ServiceEnvironment.variables(TestPostgres.shared(), TestRedis.shared());
    try (DevelopmentMode mode = DevelopmentMode.of(services, "-Dtest=ChangedTest")) {
      mode.write(TEST, test("the test as it was"));
      mode.start();
      mode.awaitOutput("Liberty is running in dev mode.", Duration.ofSeconds(180));
      assertThat(mode.http().get(UNKNOWN_JOB).text()).contains("There is no job");

      mode.replace(JOBS, "There is no job", "Nobody knows the job");

      Await.until(
          mode::output,
          Duration.ofSeconds(45),
          () ->
              mode.http().reachable(UNKNOWN_JOB) == 404
                  && mode.http().get(UNKNOWN_JOB).text().contains("Nobody knows the job"));

      mode.write(TEST, test("the test as it is now"));
      mode.awaitOutput("Tests compilation was successful.", Duration.ofSeconds(45));
      mode.enter();
      mode.awaitOutput("the test as it is now", Duration.ofSeconds(60));
      mode.awaitOutput("Unit tests finished.", Duration.ofSeconds(60));
      assertThat(mode.output()).doesNotContain("Running integration tests");
    }
  }

  private static String test(String says) {
    return """
    package io.soilhub.scalability;

    class ChangedTest {
      @org.junit.jupiter.api.Test
      void runs() {
        System.out.println("%s");
      }
    }
    """
        .formatted(says);
  }
}
