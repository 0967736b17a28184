package io.soilhub.scalability.varieties.catalog;

import io.soilhub.scalability.cache.tiers.DataType;
import io.soilhub.scalability.cache.tiers.WarmupSource;
import io.soilhub.scalability.varieties.recommendation.FittedDataSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// What is loaded on this replica, brought up to the stored version before use; only sets that
/// changed are read again. While one thread loads, the others go on with the snapshot before.
final class VarietyCatalog implements WarmupSource {

  private static final Duration LOAD_LIMIT = Duration.ofSeconds(60);

  private final TrialStore store;
  private final LongSupplier newest;
  private final ReentrantLock loading = new ReentrantLock();
  private final AtomicReference<Catalog> snapshot = new AtomicReference<>(Catalog.EMPTY);

  /// @param newest the version of the store, as cheap as can be; it may lag behind
  VarietyCatalog(TrialStore store, LongSupplier newest) {
    this.store = store;
    this.newest = newest;
  }

  /// @throws io.soilhub.scalability.platform.postgres.DatabaseUnavailable when something has to be
  ///   loaded and PostgreSQL is away
  Catalog current() {
    Catalog now = snapshot.get();
    return now.isLoaded() && newest.getAsLong() == now.version() ? now : refresh();
  }

  /// Whether nothing has changed since. While one thread loads what did, the others have an older
  /// catalog.
  boolean isNewest(Catalog catalog) {
    return newest.getAsLong() == catalog.version();
  }

  /// Loads what changed, whatever the version is said to be.
  Catalog refresh() {
    try {
      boolean first = !snapshot.get().isLoaded();
      if (!loading.tryLock(first ? LOAD_LIMIT.toNanos() : 0, TimeUnit.NANOSECONDS)) {
        return snapshot.get();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return snapshot.get();
    }
    try {
      Catalog old = snapshot.get();
      Catalog updated = store.version() == old.version() ? old : loadAfter(old);
      snapshot.set(updated);
      return updated;
    } finally {
      loading.unlock();
    }
  }

  @Override
  public DataType dataType() {
    return DataType.VARIETY_DATA;
  }

  @Override
  public Set<String> keys() {
    return store.versions().sets().keySet();
  }

  @Override
  public boolean warm(String datasetId) {
    return current().all().stream().anyMatch(set -> set.data().id().equals(datasetId));
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
            .map(FittedDataSet::of)
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
