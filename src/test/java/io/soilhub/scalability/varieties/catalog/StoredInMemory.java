package io.soilhub.scalability.varieties.catalog;

import io.soilhub.scalability.varieties.trials.DataSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The store of trials without a database, for tests.
final class StoredInMemory implements TrialStore {

  private record Stored(DataSet data, String contentHash, long version) {}

  private final Map<String, Stored> sets = new TreeMap<>();
  private long version;
  private int loads;
  private int versionChecks;

  @Override
  public synchronized long version() {
    versionChecks++;
    return version;
  }

  @Override
  public synchronized Versions versions() {
    Map<String, Long> versions = new TreeMap<>();
    sets.forEach((id, stored) -> versions.put(id, stored.version()));
    return new Versions(version, versions);
  }

  @Override
  public synchronized Optional<DataSet> load(String datasetId) {
    loads++;
    return Optional.ofNullable(sets.get(datasetId)).map(Stored::data);
  }

  @Override
  public synchronized Optional<String> contentHash(String datasetId) {
    return Optional.ofNullable(sets.get(datasetId)).map(Stored::contentHash);
  }

  @Override
  public synchronized boolean save(DataSet data, String contentHash) {
    if (contentHash(data.id()).filter(contentHash::equals).isPresent()) {
      return false;
    }
    sets.put(data.id(), new Stored(data, contentHash, ++version));
    return true;
  }

  synchronized int loads() {
    return loads;
  }

  synchronized int versionChecks() {
    return versionChecks;
  }
}
