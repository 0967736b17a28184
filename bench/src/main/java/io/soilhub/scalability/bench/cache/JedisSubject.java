package io.soilhub.scalability.bench.cache;

import java.net.URI;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.csc.Cache;
import redis.clients.jedis.csc.DefaultCache;
import redis.clients.jedis.csc.DefaultCacheable;

/// Jedis with Redis as its source. FAR is one bare GET by whichever thread reads; NEAR_AND_FAR is
/// its client-side caching (RESP3, CLIENT TRACKING). That asks for Redis 7.4 unless its
/// compatibility mode is on, which changes nothing but that check.
final class JedisSubject implements CacheSubject {

  private final Source source = new Source();
  private final URI redis;

  JedisSubject(String redisUrl) {
    this.redis = URI.create(redisUrl);
  }

  @Override
  public Replica open(Shape shape) {
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxTotal(Systems.CONNECTIONS);
    pool.setMaxIdle(Systems.CONNECTIONS);
    pool.setJmxEnabled(false);
    boolean near = shape == Shape.NEAR_AND_FAR;
    DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder();
    var builder =
        RedisClient.builder()
            .hostAndPort(new HostAndPort(redis.getHost(), redis.getPort()))
            .clientConfig((near ? config.resp3() : config.resp2()).build())
            .poolConfig(pool);
    return new Client((near ? builder.cache(new Near()) : builder).build());
  }

  @Override
  public Source source() {
    return source;
  }

  @Override
  public void close() {
    // holds nothing
  }

  private static final class Near extends DefaultCache implements Cache {

    Near() {
      super(Systems.NEAR_ENTRIES, DefaultCacheable.INSTANCE);
    }

    @Override
    public boolean compatibilityMode() {
      return true;
    }
  }

  private record Client(RedisClient client) implements Replica {

    @Override
    public String read(String key) {
      return client.get(key);
    }

    @Override
    public void write(String key, String value) {
      client.set(key, value);
    }

    @Override
    public void close() {
      client.close();
    }
  }
}
