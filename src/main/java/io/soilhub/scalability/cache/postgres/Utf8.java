package io.soilhub.scalability.cache.postgres;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Whether text can be stored as UTF-8: half a surrogate pair cannot.
final class Utf8 {

  private Utf8() {}

  /// Whether the text is not empty and its encoding exists and is no longer than `mostBytes`.
  static boolean within(String text, int mostBytes) {
    if (text.isEmpty() || text.length() > mostBytes) {
      return false;
    }
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      return bytes.remaining() <= mostBytes;
    } catch (CharacterCodingException _) {
      return false;
    }
  }
}
