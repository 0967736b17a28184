package io.soilhub.scalability.cache.tiers;

import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.cache.tiers.Loader.Loaded;
import io.soilhub.scalability.testing.TestPostgres;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A replica whose Redis is away still spares the source, and gives nothing older for it.
class LoadsWithoutRedisIT {

  private static CacheNode node;
  private static ExecutorService readers;

  @BeforeAll
  static void start() {
    String database = TestPostgres.shared().newDatabase();
    // Nobody listens there.
    node = new CacheNode("alone", database, WriteStrategy.CACHE_ASIDE, "redis://localhost:1");
    readers = Executors.newVirtualThreadPerTaskExecutor();
  }

  @AfterAll
  static void stop() {
    readers.shutdownNow();
    node.close();
  }

  @Test
  void aCrowdOfReadersOfOneKeyMakesFewLoads() throws Exception {
    AtomicInteger loads = new AtomicInteger();
    CountDownLatch all = new CountDownLatch(100);
    TieredCache<String> cache =
        cache(
            DataType.SOIL_DATA,
            _ -> {
              loads.incrementAndGet();
              await(all);
              return "value";
            });
    List<Future<Optional<String>>> reads = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      reads.add(
          readers.submit(
              () -> {
                all.countDown();
                return cache.get("crowd");
              }));
    }
    for (Future<Optional<String>> read : reads) {
      assertThat(read.get(30, TimeUnit.SECONDS)).contains("value");
    }
    // Each but the first begins with all who came while the one before ran.
    assertThat(loads).hasValueLessThan(50);
  }

  @Test
  void aReaderGetsWhatTheSourceHasWhenHeAsks() throws Exception {
    AtomicReference<String> source = new AtomicReference<>("before");
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch changed = new CountDownLatch(1);
    TieredCache<String> cache =
        cache(
            DataType.CLIMATE_DATA,
            _ -> {
              String value = source.get();
              first.countDown();
              await(changed);
              return value;
            });
    Future<Optional<String>> early = readers.submit(() -> cache.get("key"));
    await(first);
    source.set("after");
    Future<Optional<String>> late = readers.submit(() -> cache.get("key"));
    changed.countDown();
    assertThat(early.get(30, TimeUnit.SECONDS)).contains("before");
    assertThat(late.get(30, TimeUnit.SECONDS)).contains("after");
  }

  @Test
  void aLoadThatHangsHoldsUpNobodyForLong() throws Exception {
    AtomicInteger loads = new AtomicInteger();
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    TieredCache<String> cache =
        cache(
            DataType.RECOMMENDATIONS,
            _ -> {
              if (loads.incrementAndGet() == 1) {
                first.countDown();
                await(over);
              }
              return "value";
            });
    Future<Optional<String>> hung = readers.submit(() -> cache.get("key"));
    await(first);
    assertThat(cache.get("key")).contains("value");
    assertThat(hung.isDone()).isFalse();
    over.countDown();
    assertThat(hung.get(30, TimeUnit.SECONDS)).contains("value");
  }

  private static TieredCache<String> cache(DataType type, UnaryOperator<String> source) {
    return node.cache.open(
        type,
        CacheOptions.readThrough(
            Codec.json(String.class), key -> Loaded.of(source.apply(key)), Set.of(), false));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(14, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
