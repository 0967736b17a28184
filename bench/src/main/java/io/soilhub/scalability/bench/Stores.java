package io.soilhub.scalability.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.embedded.core.ExecutableProvider;

/// PostgreSQL and Redis for the benchmark, durable as in production, on free ports. The starter of
/// PostgreSQL is made for tests and turns durability off; it is turned on again here and the
/// servers are asked whether they really run so.
public final class Stores implements AutoCloseable {

  private static final Map<String, String> POSTGRES_MUST_SAY =
      Map.of("fsync", "on", "synchronous_commit", "on", "full_page_writes", "on");
  private static final Map<String, String> REDIS_MUST_SAY =
      Map.of("appendonly", "yes", "appendfsync", "everysec", "maxmemory-policy", "noeviction");

  private final EmbeddedPostgres postgres;
  private final Process redis;
  private final int redisPort;
  private final RedisClient redisCommands;

  private Stores(EmbeddedPostgres postgres, Process redis, int redisPort) {
    this.postgres = postgres;
    this.redis = redis;
    this.redisPort = redisPort;
    this.redisCommands = RedisClient.create("127.0.0.1", redisPort);
  }

  /// @param directory emptied by its owner; on a real disk, or fsync would cost nothing
  public static Stores start(Path directory)
      throws IOException, SQLException, InterruptedException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(directory.resolve("postgres"))
            .setOverrideWorkingDirectory(directory.resolve("postgres-binaries").toFile())
            .setServerConfig("shared_buffers", "128MB")
            .setServerConfig("max_connections", "100")
            .setPGStartupWait(Duration.ofSeconds(30));
    POSTGRES_MUST_SAY.forEach(builder::setServerConfig);
    EmbeddedPostgres postgres = builder.start();
    int port = freePort();
    Stores stores = new Stores(postgres, startRedis(directory.resolve("redis"), port), port);
    stores.awaitRedis();
    stores.check();
    return stores;
  }

  private static Process startRedis(Path directory, int port) throws IOException {
    Files.createDirectories(directory);
    String program = ExecutableProvider.newJarResourceProvider(directory.toFile()).get().getPath();
    List<String> command =
        List.of(
            program,
            "--port",
            "" + port,
            "--bind",
            "127.0.0.1",
            "--dir",
            directory.toString(),
            "--appendonly",
            "yes",
            "--appendfsync",
            "everysec",
            "--maxmemory-policy",
            "noeviction");
    Process redis =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("redis.log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(redis::destroy));
    return redis;
  }

  private void awaitRedis() throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      try {
        redisCommands.ping();
        return;
      } catch (JedisConnectionException _) {
        Thread.sleep(100);
      }
    }
    throw new IllegalStateException("Redis does not answer");
  }

  private void check() throws SQLException {
    for (Map.Entry<String, String> setting : POSTGRES_MUST_SAY.entrySet()) {
      must(setting, postgresSays("SHOW " + setting.getKey()));
    }
    for (Map.Entry<String, String> setting : REDIS_MUST_SAY.entrySet()) {
      must(setting, redisCommands.configGet(setting.getKey()).get(setting.getKey()));
    }
  }

  private static void must(Map.Entry<String, String> setting, String said) {
    if (!setting.getValue().equals(said)) {
      throw new IllegalStateException(
          "%s is %s, not %s".formatted(setting.getKey(), said, setting.getValue()));
    }
  }

  public String databaseUrl() {
    return "postgresql://postgres:postgres@localhost:%d/postgres".formatted(postgres.getPort());
  }

  public String redisUrl() {
    return "redis://127.0.0.1:" + redisPort;
  }

  ProcessHandle postgresProcess() {
    return postmaster().orElse(postgres.getProcess().toHandle());
  }

  ProcessHandle redisProcess() {
    return redis.toHandle();
  }

  public String postgresVersion() throws SQLException {
    return postgresSays("SHOW server_version").split(" ")[0];
  }

  public String redisVersion() {
    return redisCommands
        .info("server")
        .lines()
        .filter(line -> line.startsWith("redis_version:"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }

  /// Has both servers put their house in order, so that no measure pays for the one before it.
  public void settle() throws SQLException, InterruptedException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("VACUUM ANALYZE");
      statement.execute("CHECKPOINT");
    }
    redisCommands.executeCommand(new CommandArguments(Command.BGREWRITEAOF));
    for (int i = 0; i < 300 && rewriting(); i++) {
      Thread.sleep(20);
    }
  }

  private boolean rewriting() {
    String info = redisCommands.info("persistence");
    return info.contains("aof_rewrite_in_progress:1") || info.contains("aof_rewrite_scheduled:1");
  }

  @Override
  public void close() throws IOException {
    redisCommands.close();
    redis.destroy();
    SubjectProcess.awaitEnd(redis);
    postgres.close();
  }

  private Optional<ProcessHandle> postmaster() {
    try {
      String pid = postgresSays("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)");
      return ProcessHandle.of(Long.parseLong(pid));
    } catch (SQLException e) {
      return Optional.empty();
    }
  }

  private String postgresSays(String sql) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
