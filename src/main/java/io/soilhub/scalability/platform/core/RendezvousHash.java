package io.soilhub.scalability.platform.core;

import java.util.List;

/// Which of several members a key belongs to: the one with the highest score of member and key
/// (Thaler and Ravishankar, "A Name-Based Mapping Scheme for Rendezvous", 1996). All who name the
/// same members agree without talking. A member that is added or taken away moves only the keys
/// that it gets or had.
///
/// A release must not change the scores: replicas of two versions share keys while one replaces the
/// other.
public final class RendezvousHash<T> {

  private final List<T> members;
  private final long[] hashes;

  /// @param names what is hashed of each member; of equal scores the first one's counts
  public RendezvousHash(List<T> members, List<String> names) {
    if (members.isEmpty() || members.size() != names.size()) {
      throw new IllegalArgumentException("as many names as members, and at least one");
    }
    this.members = List.copyOf(members);
    this.hashes = names.stream().mapToLong(Hashing::hash).toArray();
  }

  /// The score of a member for a key, both hashed with [Hashing].
  public static long score(long member, long key) {
    return Hashing.spread(member ^ key);
  }

  /// The member that a key belongs to.
  public T owner(String key) {
    if (hashes.length == 1) {
      return members.getFirst();
    }
    long hash = Hashing.hash(key);
    int best = 0;
    long highest = Long.MIN_VALUE;
    for (int i = 0; i < hashes.length; i++) {
      long score = score(hashes[i], hash);
      if (score > highest) {
        highest = score;
        best = i;
      }
    }
    return members.get(best);
  }

  public List<T> members() {
    return members;
  }
}
