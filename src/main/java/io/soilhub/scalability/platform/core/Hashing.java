package io.soilhub.scalability.platform.core;

import java.nio.charset.StandardCharsets;

/// Hashes that every replica computes alike: FNV-1a over the bytes, spread by the finaliser of
/// MurmurHash3 (Appleby, public domain).
public final class Hashing {

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private Hashing() {}

  public static long hash(String text) {
    long hash = FNV_OFFSET;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * FNV_PRIME;
    }
    return spread(hash);
  }

  /// A word that differs in half of its bits when `value` differs in any.
  public static long spread(long value) {
    long h = value;
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }
}
