package io.soilhub.scalability.cache.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Which of several servers has a key: the one with the highest hash of server and key (Thaler and
/// Ravishankar, "A Name-Based Mapping Scheme for Rendezvous", 1996). A server that is added or
/// taken away moves only the keys it gets or had.
public final class RendezvousHash<T> {

  private final List<T> servers;
  private final long[] seeds;

  /// @param names what makes each server's hash: must not change while keys are to be found again
  public RendezvousHash(List<T> servers, List<String> names) {
    if (servers.isEmpty() || servers.size() != names.size()) {
      throw new IllegalArgumentException("as many names as servers, and at least one");
    }
    this.servers = List.copyOf(servers);
    this.seeds = names.stream().mapToLong(RendezvousHash::hash).toArray();
  }

  public T of(String member) {
    if (seeds.length == 1) {
      return servers.getFirst();
    }
    long key = hash(member);
    int best = 0;
    long highest = Long.MIN_VALUE;
    for (int i = 0; i < seeds.length; i++) {
      long weight = mix(seeds[i] ^ key);
      if (weight > highest) {
        highest = weight;
        best = i;
      }
    }
    return servers.get(best);
  }

  public List<T> all() {
    return servers;
  }

  /// FNV-1a, 64 bit.
  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return mix(hash);
  }

  /// The finalizer of MurmurHash3: every bit of the input moves every bit of the output.
  private static long mix(long value) {
    long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }
}
