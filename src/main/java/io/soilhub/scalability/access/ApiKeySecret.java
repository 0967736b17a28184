package io.soilhub.scalability.access;

import io.soilhub.scalability.platform.core.Sha256;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// An API key as its owner holds it: `shk_<id>_<secret>`. The id finds the row; the secret has 256
/// random bits, so that one SHA-256 is enough to store it by: there is nothing to guess that a slow
/// hash could protect.
record ApiKeySecret(String id, String secret) {

  private static final String PREFIX = "shk";
  private static final int SECRET_BYTES = 32;

  /// @param id unique and stable over repeats of the request that creates the key
  static ApiKeySecret create(UUID id, RandomGenerator random) {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    return new ApiKeySecret(id.toString().replace("-", ""), secret);
  }

  /// Empty for text that is not of this form.
  static Optional<ApiKeySecret> parse(String text) {
    String[] parts = text.split("_", 3);
    boolean wellFormed =
        parts.length == 3
            && parts[0].equals(PREFIX)
            && parts[1].matches("[0-9a-f]{32}")
            && parts[2].length() == 43;
    return wellFormed ? Optional.of(new ApiKeySecret(parts[1], parts[2])) : Optional.empty();
  }

  /// The whole key, to be shown once.
  String text() {
    return "%s_%s_%s".formatted(PREFIX, id, secret);
  }

  byte[] hash() {
    return Sha256.of(text());
  }

  /// Compares in constant time.
  boolean matches(byte[] hash) {
    return MessageDigest.isEqual(hash(), hash);
  }

  @Override
  public String toString() {
    return "ApiKeySecret[%s]".formatted(id);
  }
}
