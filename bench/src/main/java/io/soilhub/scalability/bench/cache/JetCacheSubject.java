package io.soilhub.scalability.bench.cache;

import com.alicp.jetcache.Cache;
import com.alicp.jetcache.CacheBuilder;
import com.alicp.jetcache.SimpleCacheManager;
import com.alicp.jetcache.anno.CacheConsts;
import com.alicp.jetcache.anno.CacheType;
import com.alicp.jetcache.embedded.CaffeineCacheBuilder;
import com.alicp.jetcache.redis.RedisCacheBuilder;
import com.alicp.jetcache.support.JavaValueDecoder;
import com.alicp.jetcache.support.JavaValueEncoder;
import com.alicp.jetcache.template.CacheBuilderTemplate;
import com.alicp.jetcache.template.NotifyMonitorInstaller;
import com.alicp.jetcache.template.QuickConfig;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPool;

/// JetCache cache-aside: write the source, then remove. Both levels, other replicas told through
/// its broadcast channel (`syncLocal`), one load at a time a replica (`penetrationProtect`). Runs
/// with the Jedis 5 that it is built for and with its default encoding of values.
final class JetCacheSubject implements CacheSubject {

  private static final Duration LIFETIME = Duration.ofHours(1);

  private final Source source = new Source();
  private final URI redis;

  JetCacheSubject(String redisUrl) {
    this.redis = URI.create(redisUrl);
  }

  /// JetCache's own way without Spring: a template of builders, and the installer that makes the
  /// broadcast.
  @Override
  @SuppressWarnings({"deprecation", "unchecked"})
  public Replica open(Shape shape) {
    GenericObjectPoolConfig<Jedis> pooling = new GenericObjectPoolConfig<>();
    pooling.setMaxTotal(Systems.CONNECTIONS);
    pooling.setMaxIdle(Systems.CONNECTIONS);
    pooling.setJmxEnabled(false);
    JedisPool pool = new JedisPool(pooling, redis.getHost(), redis.getPort());
    Function<Object, Object> keys = key -> key;
    CacheBuilder near = CaffeineCacheBuilder.createCaffeineCacheBuilder().keyConvertor(keys);
    CacheBuilder far =
        RedisCacheBuilder.createRedisCacheBuilder()
            .jedisPool(pool)
            .broadcastChannel("jetcache")
            .keyPrefix("jetcache:")
            .keyConvertor(keys)
            .valueEncoder(JavaValueEncoder.INSTANCE)
            .valueDecoder(JavaValueDecoder.INSTANCE);
    CacheBuilderTemplate template =
        new CacheBuilderTemplate(
            true, Map.of(CacheConsts.DEFAULT_AREA, near), Map.of(CacheConsts.DEFAULT_AREA, far));
    template.getCacheMonitorInstallers().add(new NotifyMonitorInstaller(_ -> far));
    SimpleCacheManager manager = new SimpleCacheManager();
    manager.setCacheBuilderTemplate(template);
    return new Both(manager, manager.getOrCreateCache(configuration(shape)), pool);
  }

  private QuickConfig configuration(Shape shape) {
    boolean both = shape == Shape.NEAR_AND_FAR;
    QuickConfig.Builder builder =
        QuickConfig.newBuilder("bench")
            .cacheType(both ? CacheType.BOTH : CacheType.REMOTE)
            .expire(LIFETIME)
            .penetrationProtect(true)
            .loader((String key) -> source.load(key));
    return (both
            ? builder
                .syncLocal(true)
                .localLimit(Systems.NEAR_ENTRIES)
                .localExpire(Duration.ofMinutes(5))
            : builder)
        .build();
  }

  @Override
  public Source source() {
    return source;
  }

  @Override
  public void close() {
    // every replica closes its own connections
  }

  private final class Both implements Replica {

    private final SimpleCacheManager manager;
    private final Cache<String, String> cache;
    private final AutoCloseable pool;

    Both(SimpleCacheManager manager, Cache<String, String> cache, AutoCloseable pool) {
      this.manager = manager;
      this.cache = cache;
      this.pool = pool;
    }

    @Override
    public String read(String key) {
      return cache.get(key);
    }

    @Override
    public void write(String key, String value) {
      source.store(key, value);
      cache.remove(key);
    }

    @Override
    public void close() {
      manager.close();
      try {
        pool.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
