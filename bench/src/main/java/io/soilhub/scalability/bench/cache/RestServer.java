package io.soilhub.scalability.bench.cache;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import io.soilhub.scalability.bench.Stores;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The service on a real Open Liberty as `mvn install` left it in `target`, with an [EmptyResource]
/// added.
final class RestServer implements AutoCloseable {

  private static final Path BUILD = Path.of("..").toAbsolutePath().normalize();
  private static final Duration START_LIMIT = Duration.ofSeconds(120);

  private final Process process;
  private final int port;

  private RestServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static RestServer start(Stores stores, Path directory) throws IOException, InterruptedException {
    Path user = directory.resolve("liberty");
    Path server = Files.createDirectories(user.resolve("servers/scalability"));
    copyConfiguration(BUILD.resolve("src/main/liberty/config"), server);
    addEmptyResource(
        BUILD.resolve("target/scalability.war"),
        Files.createDirectories(server.resolve("apps")).resolve("scalability.war"));
    int port = freePort();
    ProcessBuilder builder =
        new ProcessBuilder(
                BUILD.resolve("target/liberty/wlp/bin/server").toString(), "run", "scalability")
            .redirectErrorStream(true)
            .redirectOutput(server.resolve("console.log").toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "PORT", Integer.toString(port),
                "DATABASE_URL", stores.databaseUrl(),
                "REDIS_URL", stores.redisUrl(),
                "LOG_DIR", server.resolve("logs").toString(),
                "WLP_USER_DIR", user.toString(),
                "JAVA_HOME", System.getProperty("java.home")));
    RestServer started = new RestServer(builder.start(), port);
    started.awaitReady();
    return started;
  }

  int port() {
    return port;
  }

  /// The JVM, for its processor time.
  ProcessHandle handle() {
    return process.descendants().findFirst().orElse(process.toHandle());
  }

  /// @return the body of an answer
  /// @throws IllegalStateException when it is no success
  String call(String method, String path, String json) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(json))
            .timeout(Duration.ofSeconds(30))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      var answer = client.send(request, BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2) {
        throw new IllegalStateException(
            "%s %s: %d %s".formatted(method, path, answer.statusCode(), answer.body()));
      }
      return answer.body();
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitReady() throws InterruptedException {
    long begin = System.nanoTime();
    while (true) {
      try {
        call("GET", "/health/ready", "");
        return;
      } catch (IOException | IllegalStateException e) {
        if (!process.isAlive() || System.nanoTime() - begin > START_LIMIT.toNanos()) {
          close();
          throw new IllegalStateException("the service did not start", e);
        }
        Thread.sleep(500);
      }
    }
  }

  private static void addEmptyResource(Path war, Path copy) throws IOException {
    Files.copy(war, copy, REPLACE_EXISTING);
    String name = EmptyResource.class.getName().replace('.', '/') + ".class";
    try (InputStream in = EmptyResource.class.getClassLoader().getResourceAsStream(name);
        FileSystem files = FileSystems.newFileSystem(copy)) {
      Path target = files.getPath("WEB-INF/classes", name);
      Files.createDirectories(target.getParent());
      Files.copy(in, target);
    }
  }

  private static void copyConfiguration(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target, REPLACE_EXISTING);
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
