package io.soilhub.scalability.bench.cache;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.redisson.Redisson;
import org.redisson.api.RMap;
import org.redisson.api.RedissonClient;
import org.redisson.api.map.MapLoader;
import org.redisson.api.map.MapWriter;
import org.redisson.api.map.WriteMode;
import org.redisson.api.options.LocalCachedMapOptions;
import org.redisson.api.options.LocalCachedMapOptions.CacheProvider;
import org.redisson.api.options.LocalCachedMapOptions.EvictionPolicy;
import org.redisson.api.options.LocalCachedMapOptions.ReconnectionStrategy;
import org.redisson.api.options.LocalCachedMapOptions.SyncStrategy;
import org.redisson.api.options.MapOptions;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

/// Redisson's RLocalCachedMap with INVALIDATE and CLEAR, on Caffeine; FAR is its plain RMap. Two
/// ways to keep it and its source together: write-through (its writer and loader) and cache-aside
/// (the source is written, then the entry is removed; its loader reads).
final class RedissonSubject implements CacheSubject {

  private final Source source = new Source();
  private final String redisUrl;
  private final boolean writeThrough;
  private final String name;

  RedissonSubject(String redisUrl, boolean writeThrough) {
    this.redisUrl = redisUrl;
    this.writeThrough = writeThrough;
    this.name = writeThrough ? "redisson-through" : "redisson-aside";
  }

  @Override
  public Replica open(Shape shape) {
    Config config = new Config();
    config
        .useSingleServer()
        .setAddress(redisUrl)
        .setConnectionPoolSize(Systems.CONNECTIONS)
        .setConnectionMinimumIdleSize(4);
    config.setCodec(StringCodec.INSTANCE);
    RedissonClient client = Redisson.create(config);
    return new Both(
        client, shape == Shape.FAR ? client.getMap(far()) : client.getLocalCachedMap(near()));
  }

  private LocalCachedMapOptions<String, String> near() {
    LocalCachedMapOptions<String, String> options =
        LocalCachedMapOptions.<String, String>name(name)
            .codec(StringCodec.INSTANCE)
            .cacheProvider(CacheProvider.CAFFEINE)
            .evictionPolicy(EvictionPolicy.LRU)
            .cacheSize(Systems.NEAR_ENTRIES)
            .timeToLive(Duration.ofMinutes(5))
            .syncStrategy(SyncStrategy.INVALIDATE)
            .reconnectionStrategy(ReconnectionStrategy.CLEAR)
            .loader(new Loader());
    return writeThrough ? options.writer(new Writer()).writeMode(WriteMode.WRITE_THROUGH) : options;
  }

  private MapOptions<String, String> far() {
    return MapOptions.<String, String>name(name + "-far")
        .codec(StringCodec.INSTANCE)
        .loader(new Loader());
  }

  @Override
  public Source source() {
    return source;
  }

  @Override
  public void close() {
    // every replica closes its own client
  }

  private final class Loader implements MapLoader<String, String> {

    @Override
    public String load(String key) {
      return source.load(key);
    }

    @Override
    public Iterable<String> loadAllKeys() {
      return List.of();
    }
  }

  private final class Writer implements MapWriter<String, String> {

    @Override
    public void write(Map<String, String> entries) {
      entries.forEach(source::store);
    }

    @Override
    public void delete(Collection<String> keys) {
      throw new UnsupportedOperationException("nothing is deleted here");
    }
  }

  private final class Both implements Replica {

    private final RedissonClient client;
    private final RMap<String, String> map;

    Both(RedissonClient client, RMap<String, String> map) {
      this.client = client;
      this.map = map;
    }

    @Override
    public String read(String key) {
      return map.get(key);
    }

    @Override
    public void write(String key, String value) {
      if (writeThrough) {
        map.fastPut(key, value);
      } else {
        source.store(key, value);
        map.fastRemove(key);
      }
    }

    @Override
    public void close() {
      client.shutdown(0, 2, TimeUnit.SECONDS);
    }
  }
}
