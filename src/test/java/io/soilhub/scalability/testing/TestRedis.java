package io.soilhub.scalability.testing;

import io.soilhub.scalability.platform.redis.RedisClients;
import io.soilhub.scalability.platform.redis.RedisSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisException;
import redis.embedded.core.ExecutableProvider;

/// A real Redis 6.2 of the tests' own, on a free port that it keeps over restarts together with its
/// data, and what can happen to it.
public final class TestRedis implements AutoCloseable {

  /// When what is written is safe on the disk.
  public enum Sync {
    ALWAYS,
    EVERYSEC,
    /// When the operating system likes to: SIGKILL of Redis loses nothing, a power cut does.
    NO,
    /// Never: a server that ends has lost everything.
    OFF
  }

  /// How the server runs.
  ///
  /// @param maxMemory as in redis.conf, for instance `8mb`; `0` is without limit
  /// @param policy what it does when the memory is full, as in redis.conf
  public record Setup(Sync sync, String maxMemory, String policy) {

    /// As the documentation advises: synced every second, nothing evicted.
    public static final Setup ADVISED = new Setup(Sync.EVERYSEC, "0", "noeviction");

    public static Setup synced(Sync sync) {
      return new Setup(sync, ADVISED.maxMemory, ADVISED.policy);
    }

    /// A server that forgets what nobody asked for lately.
    public static Setup evicting(String maxMemory) {
      return new Setup(ADVISED.sync, maxMemory, "allkeys-lru");
    }

    List<String> arguments() {
      String fsync = sync == Sync.OFF ? "everysec" : sync.name().toLowerCase(Locale.ROOT);
      return List.of(
          "--appendonly",
          sync == Sync.OFF ? "no" : "yes",
          "--appendfsync",
          fsync,
          "--save",
          "",
          "--maxmemory",
          maxMemory,
          "--maxmemory-policy",
          policy);
    }
  }

  private static TestRedis shared;

  private final Setup setup;
  private final Path directory;
  private final int port;
  private Process server;

  private TestRedis(Setup setup, Path directory, int port) {
    this.setup = setup;
    this.directory = directory;
    this.port = port;
  }

  /// A server that a test may do anything to, set up as advised.
  public static TestRedis start() {
    return start(Setup.ADVISED);
  }

  public static TestRedis start(Setup setup) {
    try {
      Path base = Files.createDirectories(Path.of("target", "test-services"));
      Path directory = Files.createTempDirectory(base, "redis").toAbsolutePath();
      TestRedis redis = new TestRedis(setup, directory, Ports.free());
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

  public int port() {
    return port;
  }

  /// Clients of one database of this server.
  public RedisClients open(int index) {
    return new RedisClients(RedisSettings.of(url() + "/" + index, 16, Duration.ofSeconds(4)));
  }

  public RedisClients open() {
    return open(0);
  }

  /// SIGKILL: what was not yet handed to the operating system is lost.
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

  /// SIGSTOP: connects succeed, nothing answers.
  public void suspend() {
    ProcessSignals.stop(server.pid());
  }

  /// SIGCONT after [#suspend].
  public void resume() {
    ProcessSignals.go(server.pid());
  }

  /// Closes the connections of all clients, those that wait for something included. They may come
  /// again at once.
  public void killConnections() {
    admin(new CommandArguments(Command.CLIENT).add("KILL").add("TYPE").add("normal"));
    admin(new CommandArguments(Command.CLIENT).add("KILL").add("TYPE").add("pubsub"));
  }

  /// FLUSHALL.
  public void flushAll() {
    admin(new CommandArguments(Command.FLUSHALL));
  }

  /// SCRIPT FLUSH: the server knows no script by its digest any more.
  public void flushScripts() {
    admin(new CommandArguments(Command.SCRIPT).add("FLUSH"));
  }

  /// A field of INFO, for instance `evicted_keys`.
  ///
  /// @throws java.util.NoSuchElementException when there is no such field
  public String info(String field) {
    try (RedisClient client = RedisClient.create("localhost", port)) {
      return client
          .info()
          .lines()
          .filter(line -> line.startsWith(field + ":"))
          .map(line -> line.substring(field.length() + 1))
          .findFirst()
          .orElseThrow();
    }
  }

  @Override
  public void close() {
    // A suspended server hears only SIGKILL.
    server.destroyForcibly();
    end(server);
  }

  private void launch() {
    try {
      Path bin = Files.createDirectories(Path.of("target", "test-services", "bin"));
      String program = ExecutableProvider.newJarResourceProvider(bin.toFile()).get().getPath();
      List<String> command =
          new ArrayList<>(
              List.of(
                  program,
                  "--port",
                  Integer.toString(port),
                  "--bind",
                  "127.0.0.1",
                  "--dir",
                  directory.toString()));
      command.addAll(setup.arguments());
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

  /// Not before it has read its file: until then it answers with LOADING.
  private boolean answers() {
    try (RedisClient client = RedisClient.create("localhost", port)) {
      return client.ping().equals("PONG");
    } catch (JedisException _) {
      return false;
    }
  }

  private void admin(CommandArguments command) {
    try (RedisClient client = RedisClient.create("localhost", port)) {
      client.executeCommand(command);
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
