package io.soilhub.scalability.monitoring.exposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.HttpCalls;
import io.soilhub.scalability.testing.PrometheusTools;
import io.soilhub.scalability.testing.ServiceEnvironment;
import io.soilhub.scalability.testing.TestPrometheus;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Every query of the dashboard shows something on a real Prometheus that scrapes a replica at
/// work.
class DashboardIT {

  private static final Path FOLDER = Path.of("k8s/monitoring");
  private static final String API = HttpCalls.API;
  private static final String INSTANCE = "dashboard-1";
  private static final String DISCOVERY = "    kubernetes_sd_configs:\n      - role: pod\n";
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Pattern NAME = Pattern.compile("soilhub_[a-z0-9_]+");

  private static HttpCalls http;
  private static Path program;
  private static TestPrometheus prometheus;

  @BeforeAll
  static void scrape() throws IOException {
    program = PrometheusTools.prometheus().orElse(null);
    assumeTrue(program != null, PrometheusTools::reason);
    http = ServiceEnvironment.http();
    URI replica = ServiceEnvironment.replica().uri();
    String path =
        Files.readAllLines(FOLDER.resolve("prometheus.yaml")).stream()
            .map(String::strip)
            .filter(line -> line.startsWith("metrics_path: "))
            .map(line -> line.substring("metrics_path: ".length()))
            .findFirst()
            .orElseThrow();
    http.post(
        API + "/instances",
        """
        {"instance_id":"%s","host":"localhost","port":%d,"service":"dashboard",
         "health_endpoint":"/health/live"}\
        """
            .formatted(INSTANCE, replica.getPort()));
    prometheus = TestPrometheus.start(program, replica, path);
  }

  @AfterAll
  static void end() {
    if (prometheus != null) {
      prometheus.close();
      http.delete(API + "/instances/" + INSTANCE + "?drain_seconds=0");
    }
  }

  @Test
  void everyQueryShowsSomething() throws IOException {
    Map<String, String> queries = queries();
    assertThat(queries).hasSizeGreaterThan(40);
    Set<String> names = new TreeSet<>();
    queries.values().forEach(q -> NAME.matcher(q).results().forEach(m -> names.add(m.group())));
    names.forEach(name -> queries.put("series of " + name, "count(" + name + ")"));
    Set<String> silent = new TreeSet<>(queries.keySet());
    Await.until(
        () -> "data for %s%n%s".formatted(silent, prometheus.targets()),
        LIMIT,
        () -> {
          work();
          silent.removeIf(panel -> shows(queries.get(panel)));
          return silent.isEmpty();
        });
  }

  /// Debian builds Prometheus without the discovery of Kubernetes, so that is left out of the
  /// check.
  @Test
  void prometheusTakesTheScrapeConfiguration() throws IOException, InterruptedException {
    Path promtool = PrometheusTools.promtool().orElseThrow();
    Path output = Files.createTempFile(Path.of("target"), "configuration", ".txt");
    Path known = Files.createTempFile(Path.of("target"), "configuration", ".yaml");
    String shipped = Files.readString(FOLDER.resolve("prometheus.yaml"));
    assertThat(shipped).contains(DISCOVERY);
    Files.writeString(known, shipped.replace(DISCOVERY, ""));
    Process check =
        new ProcessBuilder(
                promtool.toString(), "check", "config", "--syntax-only", known.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(check.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(check.exitValue()).as(Files.readString(output)).isZero();
  }

  /// A little of everything that the dashboard shows.
  private static void work() {
    http.get(API + "/status");
    http.get(API + "/nope");
    http.get("/gateway/dashboard/health/live");
    http.post(API + "/cache", "{\"key\":\"dashboard\",\"value\":1}");
    http.get(API + "/cache/dashboard");
    http.get(API + "/cache/missing");
    http.post(
        API + "/variety-recommendations",
        "{\"crop_id\":\"corn\",\"latitude\":40.0,\"longitude\":-95.0,\"soil_data\":{},"
            + "\"preferences\":{}}");
  }

  /// Whether at least one series has a number now.
  private static boolean shows(String query) {
    return StreamSupport.stream(prometheus.query(query).spliterator(), false)
        .map(series -> series.at("/value/1").asText())
        .anyMatch(value -> !value.equals("NaN"));
  }

  /// By panel, with Grafana's variables replaced as Grafana would.
  private static Map<String, String> queries() throws IOException {
    JsonNode board = Json.parse(Files.readString(FOLDER.resolve("soilhub-dashboard.json")));
    Map<String, String> queries = new LinkedHashMap<>();
    for (JsonNode panel : board.at("/panels")) {
      for (JsonNode target : panel.at("/targets")) {
        String query =
            target
                .at("/expr")
                .asText()
                .replace("$__rate_interval", "15s")
                .replace("$instance", ".*");
        assertThat(query).doesNotContain("$");
        queries.put(
            "%s, %s".formatted(panel.at("/title").asText(), target.at("/refId").asText()), query);
      }
    }
    return queries;
  }
}
