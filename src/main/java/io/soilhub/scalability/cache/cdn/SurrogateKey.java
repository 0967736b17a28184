package io.soilhub.scalability.cache.cdn;

import io.soilhub.scalability.platform.core.Sha256;
import java.nio.ByteBuffer;

/// The name of a tag at the CDN: 64 bits of its SHA-256 in at most 13 characters, so that limits of
/// headers are met by counting tags. Lower case only, because Cloudflare does not tell cases apart.
/// Two tags of one name would be purged together, which costs a refill and never an old answer.
final class SurrogateKey {

  private SurrogateKey() {}

  static String id(String tag) {
    return Long.toUnsignedString(ByteBuffer.wrap(Sha256.of(tag)).getLong(), Character.MAX_RADIX);
  }
}
