package io.soilhub.scalability.bench.rest;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import io.soilhub.scalability.bench.Stores;
import jakarta.enterprise.inject.spi.Extension;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The service on a real Open Liberty as `mvn install` left it in `target`, with an [EmptyResource]
/// added.
public final class RestServer implements AutoCloseable {

  private static final Path BUILD = Path.of("..").toAbsolutePath().normalize();
  private static final Duration START_LIMIT = Duration.ofSeconds(120);

  private final Process process;
  private final int port;

  private RestServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  public static RestServer start(Stores stores, Path directory)
      throws IOException, InterruptedException {
    return start(stores, directory, Map.of(), List.of());
  }

  /// @param environment variables besides those that name the stores
  /// @param added classes to put into the WAR besides the resource; CDI extensions are announced
  public static RestServer start(
      Stores stores, Path directory, Map<String, String> environment, List<Class<?>> added)
      throws IOException, InterruptedException {
    Path user = directory.resolve("liberty");
    Path server = Files.createDirectories(user.resolve("servers/scalability"));
    copyConfiguration(BUILD.resolve("src/main/liberty/config"), server);
    Path war = Files.createDirectories(server.resolve("apps")).resolve("scalability.war");
    Files.copy(BUILD.resolve("target/scalability.war"), war, REPLACE_EXISTING);
    add(war, EmptyResource.class);
    for (Class<?> one : added) {
      add(war, one);
    }
    int port = freePort();
    ProcessBuilder builder =
        new ProcessBuilder(
                BUILD.resolve("target/liberty/wlp/bin/server").toString(), "run", "scalability")
            .redirectErrorStream(true)
            .redirectOutput(server.resolve("console.log").toFile());
    builder.environment().putAll(environment);
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
    // A run that is broken off must not leave it behind, at work or standing still.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> started.handle().destroyForcibly()));
    started.awaitReady();
    return started;
  }

  public int port() {
    return port;
  }

  /// The JVM, for its processor time.
  public ProcessHandle handle() {
    return process.descendants().findFirst().orElse(process.toHandle());
  }

  /// @param headers names and values in turn
  /// @return the body of an answer
  /// @throws IllegalStateException when it is no success
  public String call(String method, String path, String json, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(json))
            .timeout(Duration.ofSeconds(30));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      var answer = client.send(request.build(), BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2) {
        throw new IllegalStateException(
            "%s %s: %d %s".formatted(method, path, answer.statusCode(), answer.body()));
      }
      return answer.body();
    }
  }

  /// SIGSTOP: it takes no processor time until [#resume].
  public void suspend() throws IOException, InterruptedException {
    signal("-STOP");
  }

  public void resume() throws IOException, InterruptedException {
    signal("-CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", name, Long.toString(handle().pid())).inheritIO().start().waitFor();
  }

  @Override
  public void close() {
    handle().destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        handle().destroyForcibly();
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

  private static void add(Path war, Class<?> added) throws IOException {
    String name = added.getName().replace('.', '/') + ".class";
    try (InputStream in = added.getClassLoader().getResourceAsStream(name);
        FileSystem files = FileSystems.newFileSystem(war)) {
      Path classes = files.getPath("WEB-INF/classes");
      Files.createDirectories(classes.resolve(name).getParent());
      Files.copy(in, classes.resolve(name));
      if (Extension.class.isAssignableFrom(added)) {
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.writeString(services.resolve(Extension.class.getName()), added.getName() + "\n");
      }
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
