package io.soilhub.scalability.monitoring.exposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.HttpCalls;
import io.soilhub.scalability.testing.PrometheusTools;
import io.soilhub.scalability.testing.ServiceEnvironment;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ExpositionIT {

  private static final String METRICS = HttpCalls.API + "/metrics";
  private static final Duration SOON = Duration.ofSeconds(60);
  private static HttpCalls http;

  @BeforeAll
  static void traffic() {
    http = ServiceEnvironment.http();
    assertThat(http.get(HttpCalls.API + "/status").status()).isEqualTo(200);
    assertThat(http.get(HttpCalls.API + "/nope").status()).isEqualTo(404);
    http.post(HttpCalls.API + "/cache", "{\"key\":\"exposed\",\"value\":1}");
    http.get(HttpCalls.API + "/cache/exposed");
    Await.until(
        "components were looked at, queues were counted",
        SOON,
        () ->
            http.get(HttpCalls.API + "/health").status() == 200
                && text("text/plain").contains("soilhub_component_up{")
                && text("text/plain").contains("soilhub_queue_waiting{"));
  }

  @Test
  void promtoolFindsNothing() throws IOException, InterruptedException {
    Path promtool = PrometheusTools.promtool().orElse(null);
    assumeTrue(promtool != null, PrometheusTools::reason);
    Path exposed = Files.createTempFile(Path.of("target"), "exposed", ".txt");
    Path found = Files.createTempFile(Path.of("target"), "found", ".txt");
    Files.writeString(exposed, text("text/plain"));
    Process check =
        new ProcessBuilder(promtool.toString(), "check", "metrics")
            .redirectInput(exposed.toFile())
            .redirectErrorStream(true)
            .redirectOutput(found.toFile())
            .start();
    assertThat(check.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(found).as("findings in %s", exposed).isEmptyFile();
    assertThat(check.exitValue()).isZero();
  }

  @Test
  void bothFormatsTellTheSameSeries() {
    HttpCalls.Answer plain = asked("text/plain;version=0.0.4");
    HttpCalls.Answer open = asked("application/openmetrics-text;version=1.0.0");
    assertThat(plain.header("Content-Type").orElseThrow())
        .startsWith("text/plain;")
        .containsIgnoringCase("charset=utf-8")
        .contains("version=0.0.4");
    assertThat(open.header("Content-Type").orElseThrow())
        .startsWith("application/openmetrics-text;")
        .containsIgnoringCase("charset=utf-8")
        .contains("version=1.0.0");
    assertThat(open.text()).endsWith("\n# EOF\n");
    assertThat(series(open)).isEqualTo(series(plain)).hasSizeGreaterThan(50);
  }

  /// OpenMetrics wants the samples of a family in one place, under its name and an allowed suffix.
  @Test
  void everySampleStandsUnderItsFamily() {
    String family = "";
    Set<String> families = new TreeSet<>();
    for (String line : text("application/openmetrics-text").lines().toList()) {
      if (line.startsWith("# TYPE ")) {
        family = line.split(" ")[2];
        assertThat(families.add(family)).as(line).isTrue();
      } else if (!line.startsWith("#")) {
        assertThat(line.split("[{ ]")[0]).isIn(allowed(family));
      }
    }
    assertThat(families).contains("soilhub_http_requests", "soilhub_memory_used_ratio");
  }

  private static List<String> allowed(String family) {
    return Stream.of("", "_total", "_bucket", "_sum", "_count").map(family::concat).toList();
  }

  @Test
  void headTellsWhatGetWouldBeAs() {
    HttpCalls.Answer head =
        http.send(
            http.request(METRICS)
                .header("Accept", "application/openmetrics-text")
                .method("HEAD", BodyPublishers.noBody()));
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("Content-Type").orElseThrow())
        .startsWith("application/openmetrics-text");
    assertThat(head.text()).isEmpty();
  }

  @Test
  void whoDoesNotMindGetsJsonAndWhoAsksTooMuchNothing() {
    assertThat(asked("*/*").header("Content-Type").orElseThrow()).startsWith("application/json");
    assertThat(asked("image/png").status()).isEqualTo(406);
    assertThat(asked("text/plain;version=7").status()).isEqualTo(406);
  }

  @Test
  void jsonTellsTheSameNumbersInTheUnitsOfPeople() {
    JsonNode page = http.get(METRICS).json();
    assertThat(page.at("/system/memory_usage_mb").asDouble())
        .isPositive()
        .isLessThanOrEqualTo(page.at("/system/memory_limit_mb").asDouble());
    assertThat(page.at("/system/disk_usage_gb").asDouble()).isPositive();
    assertThat(page.at("/system/database_connections/max").asInt()).isEqualTo(20);
    assertThat(page.at("/system/redis_connections/max").asInt()).isEqualTo(32);
    assertThat(page.at("/application/requests").asLong()).isPositive();
    assertThat(page.at("/application/cache_hit_rate_percent").asDouble()).isPositive();
    assertThat(page.at("/application/queue_length").isIntegralNumber()).isTrue();
    assertThat(page.at("/business/cache_operations").asLong()).isGreaterThanOrEqualTo(2);
    assertThat(page.at("/business/jobs_processed").isIntegralNumber()).isTrue();
    assertThat(page.at("/business/recommendations_generated").isIntegralNumber()).isTrue();
    assertThat(page.at("/business/system_health").asText()).isNotEmpty();
    assertThat(page.at("/components/async_processor/queue_stats").size()).isEqualTo(5);
  }

  /// Names and labels; the values move.
  private static Set<String> series(HttpCalls.Answer answer) {
    return answer
        .text()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.substring(0, line.lastIndexOf(' ')))
        .filter(line -> !line.contains("service="))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String text(String accept) {
    return asked(accept).text();
  }

  private static HttpCalls.Answer asked(String accept) {
    return http.send(http.request(METRICS).header("Accept", accept));
  }
}
