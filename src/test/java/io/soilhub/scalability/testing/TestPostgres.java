package io.soilhub.scalability.testing;

import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.DatabaseSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// A real PostgreSQL of the tests' own, durable as in production, on a free port that it keeps over
/// restarts together with its data.
public final class TestPostgres implements AutoCloseable {

  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static TestPostgres shared;

  private final Path directory;
  private final int port;
  private EmbeddedPostgres server;

  private TestPostgres(Path directory, int port) {
    this.directory = directory;
    this.port = port;
  }

  /// A server that a test may stop and kill.
  public static TestPostgres start() {
    try {
      Path base = Files.createDirectories(Path.of("target", "test-services"));
      Path directory = Files.createTempDirectory(base, "postgres").toAbsolutePath();
      TestPostgres postgres = new TestPostgres(directory, Ports.free());
      Runtime.getRuntime().addShutdownHook(new Thread(postgres::close));
      postgres.launch();
      return postgres;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The server of all tests of this JVM that leave it alone; ends with the JVM.
  public static synchronized TestPostgres shared() {
    if (shared == null) {
      shared = start();
    }
    return shared;
  }

  /// Makes an empty database.
  ///
  /// @return its DATABASE_URL
  public String newDatabase() {
    String name = "test_" + DATABASES.incrementAndGet() + "_" + ProcessHandle.current().pid();
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return "postgresql://postgres:postgres@localhost:" + port + "/" + name;
  }

  /// A pool on a database of [#newDatabase], with a short patience.
  public static Database open(String url) {
    return new Database(DatabaseSettings.of(url, 20, Duration.ofSeconds(4)));
  }

  /// Stops the server in good order.
  public void stop() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// SIGKILL for the server and all its sessions.
  public void kill() {
    try {
      String pid = Files.readAllLines(directory.resolve("data/postmaster.pid")).getFirst().strip();
      ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
      var sessions = sessions(postmaster);
      postmaster.destroyForcibly();
      sessions.forEach(ProcessHandle::destroyForcibly);
      Await.until("PostgreSQL ended", Duration.ofSeconds(30), () -> !running(postmaster));
      sessions.forEach(s -> Await.until("session", Duration.ofSeconds(30), () -> !running(s)));
      Files.deleteIfExists(directory.resolve("data/postmaster.pid"));
      // Only lets go of the directory: there is no server to stop any more.
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts again after [#stop] or [#kill].
  public void restart() {
    launch();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException | RuntimeException _) {
      // was stopped or killed by its test
    }
  }

  private void launch() {
    try {
      server =
          EmbeddedPostgres.builder()
              .setPort(port)
              .setDataDirectory(directory.resolve("data"))
              .setCleanDataDirectory(false)
              .setRegisterShutdownHook(false)
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("listen_addresses", "127.0.0.1")
              .setServerConfig("unix_socket_directories", "")
              .setServerConfig("max_connections", "200")
              .setPGStartupWait(Duration.ofSeconds(120))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// All sessions, with the postmaster stopped so that it makes no more: one that outlived it would
  /// hold the shared memory, and the next server would not start.
  private static List<ProcessHandle> sessions(ProcessHandle postmaster) throws IOException {
    Process stop = new ProcessBuilder("kill", "-STOP", Long.toString(postmaster.pid())).start();
    AtomicReference<List<ProcessHandle>> seen = new AtomicReference<>(List.of());
    Await.until(
        "PostgreSQL forks no more",
        Duration.ofSeconds(30),
        () -> {
          List<ProcessHandle> now = postmaster.children().toList();
          return !stop.isAlive() && now.equals(seen.getAndSet(now));
        });
    return seen.get();
  }

  /// A killed process that nobody waits for stays as a zombie, which holds nothing any more.
  private static boolean running(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
      return process.isAlive() && !stat.contains(") Z ");
    } catch (IOException _) {
      return process.isAlive() && process.info().command().isPresent();
    }
  }
}
