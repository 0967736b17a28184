package io.soilhub.scalability.cache.cdn;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The name of a tag at the CDN: 64 bits of its SHA-256 in at most 13 characters, so that limits of
/// headers are met by counting tags. Lower case only, because Cloudflare does not tell cases apart.
/// Two tags of one name would be purged together, which costs a refill and never an old answer.
final class SurrogateKey {

  private SurrogateKey() {}

  static String id(String tag) {
    return Long.toUnsignedString(
        ByteBuffer.wrap(sha256(tag.getBytes(StandardCharsets.UTF_8))).getLong(),
        Character.MAX_RADIX);
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
