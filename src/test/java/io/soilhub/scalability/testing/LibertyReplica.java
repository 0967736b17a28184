package io.soilhub.scalability.testing;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The service as its users get it: the WAR on a real Open Liberty in a process of its own, on a
/// free port, with a server directory of its own below `target/replicas`. Several run side by side
/// and beside a development server.
public final class LibertyReplica implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofSeconds(240);

  /// A replica sees only what its test gives it, not the settings of whoever runs the tests.
  private static final Set<String> INHERITED = Set.of("PATH", "HOME", "LANG", "TMPDIR");

  /// A directory for each run of the tests: what a killed run left behind is in nobody's way.
  private static final String TESTS = Long.toString(ProcessHandle.current().pid());

  private final Path directory;
  private final Process launcher;
  private final int port;
  private final int gatewayPort;

  private LibertyReplica(Path directory, Process launcher, int port, int gatewayPort) {
    this.directory = directory;
    this.launcher = launcher;
    this.port = port;
    this.gatewayPort = gatewayPort;
  }

  /// Starts a replica and waits until it says that it is ready.
  ///
  /// @param environment the service's variables, for instance DATABASE_URL
  public static LibertyReplica start(String name, Map<String, String> environment) {
    LibertyReplica replica = launch(name, environment);
    replica.awaitStatus("/health/ready", 200, START_LIMIT);
    return replica;
  }

  /// Starts a replica without waiting.
  public static LibertyReplica launch(String name, Map<String, String> environment) {
    try {
      Path user = property("scalability.replicas").resolve(TESTS).resolve(name);
      Path server = Files.createDirectories(user.resolve("servers/scalability"));
      copyConfiguration(Path.of("src/main/liberty/config"), server);
      Path apps = Files.createDirectories(server.resolve("apps"));
      Path war = property("scalability.war").toAbsolutePath();
      Files.deleteIfExists(apps.resolve("scalability.war"));
      Files.createSymbolicLink(apps.resolve("scalability.war"), war);
      int port = Ports.free();
      int gatewayPort = Ports.free();
      ProcessBuilder builder =
          new ProcessBuilder(
                  property("scalability.liberty").resolve("bin/server").toString(),
                  "run",
                  "scalability")
              .redirectErrorStream(true)
              .redirectOutput(server.resolve("console.log").toFile());
      Map<String, String> variables = new HashMap<>(environment);
      variables.putIfAbsent("LOG_DIR", server.resolve("logs").toAbsolutePath().toString());
      variables.putIfAbsent("NODE_ID", name);
      variables.put("PORT", Integer.toString(port));
      variables.put("GATEWAY_PORT", Integer.toString(gatewayPort));
      variables.put("WLP_USER_DIR", user.toAbsolutePath().toString());
      variables.put("JAVA_HOME", System.getProperty("java.home"));
      builder.environment().keySet().retainAll(INHERITED);
      builder.environment().putAll(variables);
      return new LibertyReplica(server, builder.start(), port, gatewayPort);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI uri() {
    return URI.create("http://localhost:" + port);
  }

  /// The gateway's own port.
  public URI gateway() {
    return URI.create("http://localhost:" + gatewayPort);
  }

  public HttpCalls http() {
    return new HttpCalls(uri());
  }

  /// What the server wrote to its console.
  public String console() {
    try {
      return Files.readString(directory.resolve("console.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path directory() {
    return directory;
  }

  public boolean runs() {
    return launcher.isAlive();
  }

  /// Waits until a GET answers with `status`.
  public void awaitStatus(String path, int status, Duration limit) {
    Await.until(
        () -> "%s of %s answers %d%n%s".formatted(path, directory, status, tail()),
        limit,
        () -> !runs() || http().reachable(path) == status);
    if (!runs()) {
      throw new AssertionError("the server ended:\n" + tail());
    }
  }

  /// SIGKILL for the server's JVM: no shutdown hook runs.
  public void kill() {
    servers().forEach(ProcessHandle::destroyForcibly);
    if (!awaitEnd(Duration.ofSeconds(10))) {
      throw new AssertionError("the server survives SIGKILL");
    }
  }

  /// SIGSTOP: the JVM stands still, with its sockets open.
  public void suspend() {
    servers().forEach(server -> ProcessSignals.stop(server.pid()));
  }

  /// SIGCONT after [#suspend].
  public void resume() {
    servers().forEach(server -> ProcessSignals.go(server.pid()));
  }

  /// Ends the server in good order.
  @Override
  public void close() {
    servers().forEach(ProcessHandle::destroy);
    if (!awaitEnd(Duration.ofSeconds(60))) {
      kill();
    }
  }

  private boolean awaitEnd(Duration limit) {
    try {
      return launcher.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// The JVM: the start script becomes it, or stands above it and ends with it.
  private List<ProcessHandle> servers() {
    List<ProcessHandle> below = launcher.descendants().toList();
    return below.isEmpty() ? List.of(launcher.toHandle()) : below;
  }

  private String tail() {
    String all = console();
    return all.substring(Math.max(0, all.length() - 4000));
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

  private static Path property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException(name + " is not set: run this test with mvn verify");
    }
    return Path.of(value);
  }
}
