package io.soilhub.scalability.varieties.catalog;

import io.soilhub.scalability.varieties.trials.DataSet;
import java.util.Map;
import java.util.Optional;

/// Where the data sets are kept, for all replicas.
interface TrialStore {

  /// @param whole number of the whole store
  /// @param sets number of each set, by id
  record Versions(long whole, Map<String, Long> sets) {}

  /// Grows with every change of any set.
  long version();

  /// One consistent look at all numbers.
  Versions versions();

  /// @return empty when there is no set of this id (any more)
  Optional<DataSet> load(String datasetId);

  Optional<String> contentHash(String datasetId);

  /// Adds the set, or replaces the one of its id.
  ///
  /// @param contentHash of everything it was made from; when it is stored already nothing changes
  /// @return whether anything changed
  boolean save(DataSet data, String contentHash);
}
