package io.soilhub.scalability.cache.tiers;

import io.soilhub.scalability.cache.cdn.Purges;
import io.soilhub.scalability.cache.postgres.Invalidation;
import io.soilhub.scalability.cache.postgres.InvalidationOutbox;
import io.soilhub.scalability.cache.postgres.PostgresEntries;
import io.soilhub.scalability.cache.redis.RedisCacheSettings;
import io.soilhub.scalability.cache.redis.RedisShard;
import io.soilhub.scalability.platform.core.PeriodicTasks;
import io.soilhub.scalability.platform.core.RendezvousHash;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.redis.RedisSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// All caches of one replica, and what keeps them true to those of the others.
public final class DistributedCache implements AutoCloseable {

  private static final Duration LOG_PAUSE = Duration.ofMillis(1);
  private static final Duration UPKEEP_PAUSE = Duration.ofMillis(100);

  private final CacheSettings settings;
  private final CacheContext context;
  private final CacheWriter writer;
  private final CacheInvalidator invalidator;
  private final CacheReconciler reconciler;
  private final List<RedisShard> shards = new ArrayList<>();
  private final List<TieredCache<?>> caches = new CopyOnWriteArrayList<>();
  private final Map<DataType, Counters> counters = new EnumMap<>(DataType.class);
  private final PeriodicTasks tasks = new PeriodicTasks();

  /// The levels below Redis and above this replica's memory.
  ///
  /// @param database where the others are
  /// @param purges of the CDN in front
  /// @param postgres whether PostgreSQL answers, without making anybody wait
  public record Stores(
      Database database,
      PostgresEntries entries,
      InvalidationOutbox outbox,
      Purges purges,
      BooleanSupplier postgres) {

    /// Without a CDN.
    public static Stores in(Database database, BooleanSupplier postgres) {
      return in(database, Purges.none(), postgres);
    }

    public static Stores in(Database database, Purges purges, BooleanSupplier postgres) {
      PostgresEntries entries = new PostgresEntries(database);
      InvalidationOutbox outbox = new InvalidationOutbox(database, entries);
      return new Stores(database, entries, outbox, purges, postgres);
    }
  }

  /// @param node name of this replica, unlike that of every other, also of the one before a restart
  public DistributedCache(
      CacheSettings settings, Stores stores, String node, Ticker ticker, RandomGenerator random) {
    this.settings = settings;
    RedisCacheSettings coherence = settings.coherence();
    for (int number = 0; number < coherence.servers().size(); number++) {
      shards.add(new RedisShard(coherence, number, node, ticker, this::forget));
    }
    Map<DataType, RendezvousHash<RedisShard>> rings = new EnumMap<>(DataType.class);
    for (DataType type : DataType.values()) {
      rings.put(type, ring(settings.policy(type).servers()));
      counters.put(type, new Counters());
    }
    AtomicLong number = new AtomicLong();
    this.context =
        new CacheContext(
            rings,
            new ThirdLevel(stores),
            new Payload(settings.maxValueBytes(), settings.deflateFrom()),
            settings.l1Ttl(),
            ticker,
            random,
            () -> node + ':' + number.incrementAndGet());
    this.writer = new CacheWriter(context);
    this.invalidator = new CacheInvalidator(settings, context);
    this.reconciler = new CacheReconciler(shards.size(), context, node);
  }

  private RendezvousHash<RedisShard> ring(List<Integer> numbers) {
    List<RedisSettings> servers = settings.coherence().servers();
    List<Integer> used =
        numbers.isEmpty() ? IntStream.range(0, servers.size()).boxed().toList() : numbers;
    return new RendezvousHash<>(
        used.stream().map(shards::get).toList(),
        used.stream().map(number -> servers.get(number).uri().toString()).toList());
  }

  /// A cache of values of one kind. Its keys are those of the kind: two caches that use the same
  /// keys for different things need a prefix.
  public <V> TieredCache<V> open(DataType type, CacheOptions<V> options) {
    TieredCache<V> cache =
        new TieredCache<>(
            type, options, settings, context, writer, invalidator, counters.get(type));
    caches.add(cache);
    return cache;
  }

  /// Tells somebody how long loads take, by the kind of data.
  public void listen(Function<DataType, Ticker.Listener> told) {
    counters.forEach((type, counted) -> counted.loading = told.apply(type));
  }

  /// Makes everything untrue that carries one of the tags, and has the CDN purged of it. The cost
  /// does not depend on how much that is.
  ///
  /// @param tags at most 100
  public WriteOutcome invalidate(Set<String> tags) {
    return invalidator.invalidate(Invalidation.ofTags(tags), tags).outcome();
  }

  /// Whether PostgreSQL keeps changes of which a Redis server has not been told yet. False while
  /// PostgreSQL does not answer.
  public boolean owesRedis() {
    return context.third().available() && !context.third().outbox().empty();
  }

  public CacheSettings settings() {
    return settings;
  }

  /// What happened on this replica since it started.
  public CacheStatistics statistics() {
    return CacheStatistics.of(counters, caches, shards);
  }

  /// Starts to read the logs of the servers, without which nothing is answered from memory.
  public void start() {
    for (int i = 0; i < shards.size(); i++) {
      RedisShard shard = shards.get(i);
      tasks.every(LOG_PAUSE, "cache-log-" + i, () -> shard.step(() -> reconciler.catchUp(shard)));
      tasks.every(UPKEEP_PAUSE, "cache-upkeep-" + i, () -> reconciler.step(shard));
    }
    tasks.every(UPKEEP_PAUSE, "cache-purge", reconciler::purge);
  }

  @Override
  public void close() {
    tasks.close();
    shards.forEach(RedisShard::close);
  }

  /// One server's log names what was mutated.
  private void forget(String member) {
    int colon = member.indexOf(':');
    String type = member.substring(0, colon);
    String key = member.substring(colon + 1);
    for (TieredCache<?> cache : caches) {
      if (cache.type().code().equals(type)) {
        cache.forget(key);
      }
    }
  }
}
