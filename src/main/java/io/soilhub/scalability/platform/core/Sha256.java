package io.soilhub.scalability.platform.core;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-256 in lower-case hex.
public final class Sha256 {

  private Sha256() {}

  /// Of several pieces; their lengths count, so that bytes cannot move between neighbours unseen.
  public static String of(byte[]... pieces) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] piece : pieces) {
        if (pieces.length > 1) {
          digest.update(
              Integer.toString(piece.length).getBytes(java.nio.charset.StandardCharsets.UTF_8));
          digest.update((byte) ':');
        }
        digest.update(piece);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
