package io.soilhub.scalability.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// A real Prometheus of a test's own that scrapes one replica every second.
public final class TestPrometheus implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final Process server;
  private final Path directory;
  private final HttpCalls http;

  private TestPrometheus(Process server, Path directory, int port) {
    this.server = server;
    this.directory = directory;
    this.http = new HttpCalls(URI.create("http://localhost:" + port));
  }

  /// @param program as found by [PrometheusTools]
  /// @param target the replica
  /// @param path where it tells its numbers
  public static TestPrometheus start(Path program, URI target, String path) {
    try {
      Path base = Files.createDirectories(Path.of("target", "test-services"));
      Path directory = Files.createTempDirectory(base, "prometheus").toAbsolutePath();
      Path configuration = directory.resolve("prometheus.yml");
      Files.writeString(configuration, configuration(target, path));
      int port = Ports.free();
      Process server =
          new ProcessBuilder(
                  program.toString(),
                  "--config.file=" + configuration,
                  "--storage.tsdb.path=" + directory.resolve("data"),
                  "--web.listen-address=127.0.0.1:" + port)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("prometheus.log").toFile())
              .start();
      TestPrometheus prometheus = new TestPrometheus(server, directory, port);
      Runtime.getRuntime().addShutdownHook(new Thread(prometheus::close));
      Await.until(
          () -> "Prometheus is ready: " + directory,
          START_LIMIT,
          () -> !server.isAlive() || prometheus.http.reachable("/-/ready") == 200);
      return prometheus;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String configuration(URI target, String path) {
    return """
    global:
      scrape_interval: 1s
      scrape_timeout: 1s
    scrape_configs:
      - job_name: soilhub
        metrics_path: %s
        static_configs:
          - targets: ["%s"]
    """
        .formatted(path, target.getAuthority());
  }

  /// The series that an expression gives now.
  ///
  /// @throws AssertionError when Prometheus does not take the expression
  public JsonNode query(String expression) {
    String encoded = URLEncoder.encode(expression, StandardCharsets.UTF_8);
    HttpCalls.Answer answer = http.get("/api/v1/query?query=" + encoded);
    if (answer.status() != 200) {
      throw new AssertionError("%s: %s%n%s".formatted(expression, answer, directory));
    }
    return answer.json().at("/data/result");
  }

  /// What it says of its targets, for a message.
  public String targets() {
    return http.get("/api/v1/targets").text();
  }

  @Override
  public void close() {
    server.destroyForcibly();
    try {
      server.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
