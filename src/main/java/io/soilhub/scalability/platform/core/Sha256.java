package io.soilhub.scalability.platform.core;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-256 hashes.
public final class Sha256 {

  private Sha256() {}

  /// The hash of the pieces, one directly after the other.
  public static byte[] of(byte[]... pieces) {
    MessageDigest digest = digest();
    for (byte[] piece : pieces) {
      digest.update(piece);
    }
    return digest.digest();
  }

  /// The hash of a text in UTF-8.
  public static byte[] of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /// The hash of one or several parts in lower-case hex. Of several parts the lengths count as
  /// well, so that bytes which move from one part to the next change it.
  public static String fingerprint(byte[]... parts) {
    MessageDigest digest = digest();
    for (byte[] part : parts) {
      if (parts.length > 1) {
        digest.update((part.length + ":").getBytes(StandardCharsets.UTF_8));
      }
      digest.update(part);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
