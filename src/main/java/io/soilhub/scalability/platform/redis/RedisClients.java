package io.soilhub.scalability.platform.redis;

import io.soilhub.scalability.platform.core.Ticker;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.commons.pool2.PooledObject;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.executors.CommandExecutor;
import redis.clients.jedis.executors.DefaultCommandExecutor;
import redis.clients.jedis.providers.ConnectionProvider;
import redis.clients.jedis.providers.PooledConnectionProvider;
import redis.clients.jedis.util.JedisURIHelper;
import redis.clients.jedis.util.Pool;

/// The connections of one replica to Redis. Commands that answer at once share one pool; commands
/// that wait on the server get a pool of their own from [#blocking], so that waiting never takes
/// the connections of working. A command that fails is not repeated here: only its caller knows
/// whether that would be safe.
///
/// Opening makes no connection; with Redis away every command fails within the timeout.
public final class RedisClients implements AutoCloseable {

  /// What the pool of [#commands] does at the moment.
  public record PoolState(int active, int idle, int max) {}

  private final RedisSettings settings;
  private final Consumer<Connection> handshake;
  private final RedisClient commands;
  private volatile Ticker.Listener listener = (_, _) -> {};

  public RedisClients(RedisSettings settings) {
    this(settings, _ -> {});
  }

  /// @param handshake what every new connection does before anything else is sent over it
  public RedisClients(RedisSettings settings, Consumer<Connection> handshake) {
    this.settings = settings;
    this.handshake = handshake;
    this.commands = client(settings.poolSize(), settings.timeout(), true);
  }

  /// The shared client, for commands that answer at once.
  public UnifiedJedis commands() {
    return commands;
  }

  /// A client of `connections` connections for commands that wait up to `longestWait` on the
  /// server. The caller closes it.
  public RedisClient blocking(int connections, Duration longestWait) {
    return client(connections, longestWait.plus(settings.timeout()), false);
  }

  /// Tells somebody how long each command of [#commands] takes, pipelines excepted.
  public void listen(Ticker.Listener told) {
    this.listener = told;
  }

  /// Connections for [#commands] in use and idle.
  public PoolState poolState() {
    Pool<Connection> pool = commands.getPool();
    return new PoolState(pool.getNumActive(), pool.getNumIdle(), pool.getMaxTotal());
  }

  @Override
  public void close() {
    commands.close();
  }

  private RedisClient client(int connections, Duration socketTimeout, boolean timed) {
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxTotal(connections);
    pool.setMaxIdle(connections);
    pool.setMaxWait(settings.timeout());
    pool.setJmxEnabled(false);
    DefaultJedisClientConfig config =
        DefaultJedisClientConfig.builder()
            .resp2()
            .connectionTimeoutMillis((int) settings.timeout().toMillis())
            .socketTimeoutMillis((int) socketTimeout.toMillis())
            .blockingSocketTimeoutMillis((int) socketTimeout.toMillis())
            .user(JedisURIHelper.getUser(settings.uri()))
            .password(JedisURIHelper.getPassword(settings.uri()))
            .database(JedisURIHelper.getDBIndex(settings.uri()))
            .sslOptions(settings.tls() ? SslOptions.defaults() : null)
            .build();
    HostAndPort server = new HostAndPort(settings.uri().getHost(), settings.uri().getPort());
    PooledConnectionProvider provider =
        new PooledConnectionProvider(connections(server, config), pool);
    return RedisClient.builder()
        .connectionProvider(provider)
        .commandExecutor(timed ? new TimedCommands(provider) : new DefaultCommandExecutor(provider))
        .build();
  }

  private ConnectionFactory connections(HostAndPort server, DefaultJedisClientConfig config) {
    return new ConnectionFactory(server, config) {
      @Override
      public PooledObject<Connection> makeObject() throws Exception {
        PooledObject<Connection> made = super.makeObject();
        try {
          handshake.accept(made.getObject());
          return made;
        } catch (RuntimeException e) {
          made.getObject().disconnect();
          throw e;
        }
      }
    };
  }

  /// Tells the listener how long each command took.
  private final class TimedCommands implements CommandExecutor {
    private final DefaultCommandExecutor inner;

    TimedCommands(ConnectionProvider provider) {
      this.inner = new DefaultCommandExecutor(provider);
    }

    @Override
    public <T> T executeCommand(CommandObject<T> command) {
      return Ticker.system().time(listener, () -> inner.executeCommand(command));
    }

    @Override
    public void close() {
      inner.close();
    }
  }
}
