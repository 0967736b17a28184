package io.soilhub.scalability.bench.cache;

import io.soilhub.scalability.cache.tiers.CacheOptions;
import io.soilhub.scalability.cache.tiers.CacheSettings;
import io.soilhub.scalability.cache.tiers.Codec;
import io.soilhub.scalability.cache.tiers.DataType;
import io.soilhub.scalability.cache.tiers.DistributedCache;
import io.soilhub.scalability.cache.tiers.Loader.Loaded;
import io.soilhub.scalability.cache.tiers.TieredCache;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.DatabaseSettings;
import io.soilhub.scalability.platform.settings.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// Our cache as the other features use it, with its default settings: cache-aside on a loader, the
/// source written, then the key invalidated. PostgreSQL keeps none of the values: it stands for the
/// source here.
final class OursCacheSubject implements CacheSubject {

  private static final String NO_FIRST_LEVEL = "{\"general\":{\"l1_share\":0}}";
  private static final Duration START_LIMIT = Duration.ofSeconds(20);

  private final Source source = new Source();
  private final String databaseUrl;
  private final String redisUrl;
  private int nodes;

  OursCacheSubject(String databaseUrl, String redisUrl) {
    this.databaseUrl = databaseUrl;
    this.redisUrl = redisUrl;
  }

  @Override
  public Ours open(Shape shape) {
    Map<String, String> variables = new HashMap<>();
    variables.put("DATABASE_URL", databaseUrl);
    variables.put("REDIS_URL", redisUrl);
    if (shape == Shape.FAR) {
      variables.put("CACHE_DATA_TYPES", NO_FIRST_LEVEL);
    }
    Settings settings = Settings.from(variables);
    Database database = new Database(DatabaseSettings.from(settings));
    database.migrate();
    DistributedCache cache =
        new DistributedCache(
            CacheSettings.from(settings),
            DistributedCache.Stores.in(database, () -> true),
            "bench-" + ProcessHandle.current().pid() + "-" + nodes++,
            Ticker.system(),
            new Random());
    CacheOptions<String> options =
        CacheOptions.readThrough(Codec.json(String.class), this::load, Set.of(), false);
    Ours ours = new Ours(database, cache, cache.open(DataType.GENERAL, options));
    cache.start();
    ours.awaitRedis();
    return ours;
  }

  /// A key whose loaded value carries the tag.
  static String tagged(String tag, int number) {
    return tag + '/' + number;
  }

  private Loaded<String> load(String key) {
    int slash = key.indexOf('/');
    String value = source.load(key);
    return slash < 0 ? Loaded.of(value) : Loaded.of(value, key.substring(0, slash));
  }

  @Override
  public Source source() {
    return source;
  }

  @Override
  public void close() {
    // every replica closes its own connections
  }

  final class Ours implements Replica {

    private final Database database;
    private final DistributedCache cache;
    private final TieredCache<String> values;

    Ours(Database database, DistributedCache cache, TieredCache<String> values) {
      this.database = database;
      this.cache = cache;
      this.values = values;
    }

    @Override
    public String read(String key) {
      return values.get(key).orElse(null);
    }

    @Override
    public void write(String key, String value) {
      source.store(key, value);
      values.invalidate(key);
    }

    void invalidateTag(String tag) {
      cache.invalidate(Set.of(tag));
    }

    @Override
    public void close() {
      cache.close();
      database.close();
    }

    private void awaitRedis() {
      long begin = System.nanoTime();
      while (cache.statistics().servers().stream()
          .anyMatch(s -> !s.available() || s.lagMs() > 500)) {
        if (System.nanoTime() - begin > START_LIMIT.toNanos()) {
          throw new IllegalStateException("Redis did not come into use");
        }
        Thread.onSpinWait();
      }
    }
  }
}
