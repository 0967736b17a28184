package io.soilhub.scalability.varieties;

import io.soilhub.scalability.platform.Ticker;
import io.soilhub.scalability.recommendation.LoadedSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/// What is loaded on this replica, brought up to the stored version before use. The version is
/// asked for at most once a second; only sets that changed are read again. While one thread loads,
/// the others go on with the snapshot before.
final class Varieties {

  private static final Duration LOAD_LIMIT = Duration.ofSeconds(60);

  private final TrialStore store;
  private final Ticker ticker;
  private final long checkEveryNanos;
  private final ReentrantLock loading = new ReentrantLock();
  private final AtomicReference<Snapshot> snapshot;

  private record Snapshot(Catalog catalog, long checkedAt) {}

  Varieties(TrialStore store, Ticker ticker, Duration checkEvery) {
    this.store = store;
    this.ticker = ticker;
    this.checkEveryNanos = checkEvery.toNanos();
    this.snapshot =
        new AtomicReference<>(new Snapshot(Catalog.EMPTY, ticker.nanos() - checkEveryNanos));
  }

  /// @throws io.soilhub.scalability.platform.DatabaseUnavailable when nothing is loaded yet and
  ///   PostgreSQL is away
  Catalog current() {
    Snapshot now = snapshot.get();
    if (ticker.nanos() - now.checkedAt() < checkEveryNanos && now.catalog().isLoaded()) {
      return now.catalog();
    }
    return refresh();
  }

  /// Loads what changed, whenever it was last looked at.
  Catalog refresh() {
    try {
      boolean first = !snapshot.get().catalog().isLoaded();
      if (!loading.tryLock(first ? LOAD_LIMIT.toNanos() : 0, TimeUnit.NANOSECONDS)) {
        return snapshot.get().catalog();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return snapshot.get().catalog();
    }
    try {
      Catalog old = snapshot.get().catalog();
      Catalog updated = store.version() == old.version() ? old : loadAfter(old);
      snapshot.set(new Snapshot(updated, ticker.nanos()));
      return updated;
    } finally {
      loading.unlock();
    }
  }

  private Catalog loadAfter(Catalog old) {
    TrialStore.Versions versions = store.versions();
    List<Catalog.Stored> sets = new ArrayList<>();
    for (Map.Entry<String, Long> stored : versions.sets().entrySet()) {
      Catalog.Stored unchanged = find(old, stored.getKey(), stored.getValue());
      if (unchanged != null) {
        sets.add(unchanged);
      } else {
        store
            .load(stored.getKey())
            .map(LoadedSet::of)
            .ifPresent(set -> sets.add(new Catalog.Stored(stored.getValue(), set)));
      }
    }
    sets.sort(Comparator.comparing(stored -> stored.set().data().id()));
    return new Catalog(versions.whole(), sets);
  }

  private static Catalog.Stored find(Catalog catalog, String id, long version) {
    return catalog.sets().stream()
        .filter(stored -> stored.version() == version && stored.set().data().id().equals(id))
        .findFirst()
        .orElse(null);
  }
}
