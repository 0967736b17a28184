package io.soilhub.scalability.cache;

import io.soilhub.scalability.coherence.Debt;
import io.soilhub.scalability.coherence.Lifetime;
import io.soilhub.scalability.coherence.Mutation;
import io.soilhub.scalability.coherence.Partition;
import io.soilhub.scalability.entries.EntryKey;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// One put on its way.
///
/// @param partition the server of the key
/// @param purged tags of which a CDN has to be purged with it
@SuppressWarnings("ArrayRecordComponent") // carries bytes; is never compared
record Put(
    EntryKey key,
    DataPolicy policy,
    Partition partition,
    byte[] payload,
    Duration ttl,
    Set<String> tags,
    Set<String> purged) {

  String member() {
    return Levels.member(key);
  }

  List<String> tagList() {
    return List.copyOf(tags);
  }

  Lifetime lifetime() {
    return Levels.exactly(ttl, policy.staleFor());
  }

  /// Writes it to its server, whatever is there.
  ///
  /// @param floor a version that its own has to be above
  /// @param dirty whether the third level has to follow
  Mutation write(long floor, boolean dirty, Debt debt) {
    return partition.put(member(), lifetime(), floor, dirty, debt, payload, tagList());
  }
}
