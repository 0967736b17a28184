package io.soilhub.scalability.testing;

import io.soilhub.scalability.platform.Redis;
import io.soilhub.scalability.platform.RedisSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import redis.embedded.core.ExecutableProvider;

/// A real Redis 6.2 of the tests' own with an append-only file synced every second, on a free port
/// that it keeps over restarts together with its data.
public final class TestRedis implements AutoCloseable {

  private static TestRedis shared;

  private final Path directory;
  private final int port;
  private Process server;

  private TestRedis(Path directory, int port) {
    this.directory = directory;
    this.port = port;
  }

  public static TestRedis start() {
    try {
      Path base = Files.createDirectories(Path.of("target", "test-services"));
      Path directory = Files.createTempDirectory(base, "redis").toAbsolutePath();
      int port;
      try (ServerSocket socket = new ServerSocket(0)) {
        port = socket.getLocalPort();
      }
      TestRedis redis = new TestRedis(directory, port);
      Runtime.getRuntime().addShutdownHook(new Thread(redis::close));
      redis.launch();
      return redis;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The server of all tests of this JVM that leave it running; ends with the JVM.
  public static synchronized TestRedis shared() {
    if (shared == null) {
      shared = start();
    }
    return shared;
  }

  public String url() {
    return "redis://localhost:" + port;
  }

  /// Clients of one database of this server.
  public Redis open(int index) {
    return new Redis(RedisSettings.of(url() + "/" + index, 16, Duration.ofSeconds(4)));
  }

  public Redis open() {
    return open(0);
  }

  /// SIGKILL: what was not yet synced is lost.
  public void kill() {
    end(server.destroyForcibly());
  }

  /// Starts again after [#kill], with what is left of the data.
  public void restart() {
    launch();
  }

  /// Removes the data of a killed server.
  public void wipe() {
    try (var files = Files.list(directory)) {
      for (Path file : files.filter(f -> f.toString().endsWith("aof")).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.destroy();
    end(server);
  }

  private void launch() {
    try {
      Path bin = Files.createDirectories(Path.of("target", "test-services", "bin"));
      String program = ExecutableProvider.newJarResourceProvider(bin.toFile()).get().getPath();
      List<String> command =
          List.of(
              program,
              "--port",
              Integer.toString(port),
              "--bind",
              "127.0.0.1",
              "--dir",
              directory.toString(),
              "--appendonly",
              "yes",
              "--appendfsync",
              "everysec",
              "--save",
              "",
              "--maxmemory-policy",
              "noeviction");
      server =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("redis.log").toFile())
              .start();
      Await.until("Redis answers", Duration.ofSeconds(30), this::answers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Also that it has read its data: until then it answers with an error.
  private boolean answers() {
    try (Socket socket = new Socket("localhost", port)) {
      socket.setSoTimeout(1000);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().read() == '+';
    } catch (IOException _) {
      return false;
    }
  }

  private static void end(Process process) {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
