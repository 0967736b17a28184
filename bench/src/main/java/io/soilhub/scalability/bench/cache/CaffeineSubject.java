package io.soilhub.scalability.bench.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/// Bare Caffeine: what a hit in the process costs at least.
final class CaffeineSubject implements CacheSubject {

  private final Source source = new Source();
  private final boolean timed;

  /// @param timed whether entries expire as well, which has every read ask the clock
  CaffeineSubject(boolean timed) {
    this.timed = timed;
  }

  @Override
  public Replica open(Shape shape) {
    if (shape == Shape.FAR) {
      throw new UnsupportedOperationException("Caffeine is in the process");
    }
    Caffeine<Object, Object> builder = Caffeine.newBuilder().maximumSize(Systems.NEAR_ENTRIES);
    return new Near((timed ? builder.expireAfterWrite(Duration.ofMinutes(5)) : builder).build());
  }

  @Override
  public Source source() {
    return source;
  }

  @Override
  public void close() {
    // holds nothing
  }

  private final class Near implements Replica {

    private final Cache<String, String> cache;

    Near(Cache<String, String> cache) {
      this.cache = cache;
    }

    @Override
    public String read(String key) {
      String value = cache.getIfPresent(key);
      return value != null ? value : cache.get(key, source::load);
    }

    @Override
    public void write(String key, String value) {
      source.store(key, value);
      cache.invalidate(key);
    }

    @Override
    public void close() {
      cache.invalidateAll();
    }
  }
}
