package io.soilhub.scalability.api;

import io.soilhub.scalability.platform.core.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/// What the path and the query of a request may be: characters of RFC 3986, and behind them UTF-8.
/// JAX-RS decodes leniently: it takes the bytes C0 AF for a slash, so that two paths would name the
/// same key of the cache, and fails in different places on what is no percent-encoding.
final class RequestTarget {

  /// Those that a path may have beside letters and digits (RFC 3986, section 3.3).
  private static final String OF_PATH = "-._~!$&'()*+,;=:@/";

  /// Section 3.4, and brackets, which clients commonly send as they are.
  private static final String OF_QUERY = OF_PATH + "?[]";

  private RequestTarget() {}

  /// @throws Problem of kind MALFORMED
  static void check(String path, Optional<String> query) {
    check(path, OF_PATH, "path");
    query.ifPresent(text -> check(text, OF_QUERY, "query"));
  }

  private static void check(String text, String others, String name) {
    byte[] bytes = new byte[text.length()];
    int count = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        bytes[count++] = (byte) octet(text, i, name);
        i += 2;
      } else if (isAlphanumeric(c) || others.indexOf(c) >= 0) {
        bytes[count++] = (byte) c;
      } else {
        throw malformed("The " + name + " has a character that must be percent-encoded.");
      }
    }
    checkText(ByteBuffer.wrap(bytes, 0, count), name);
  }

  private static int octet(String text, int at, String name) {
    boolean encoded =
        at + 2 < text.length()
            && HexFormat.isHexDigit(text.charAt(at + 1))
            && HexFormat.isHexDigit(text.charAt(at + 2));
    if (!encoded) {
      throw malformed("The " + name + " has a % without two hexadecimal digits behind it.");
    }
    int octet = HexFormat.fromHexDigits(text, at + 1, at + 3);
    if (octet == 0) {
      throw malformed("The " + name + " must not hold the character NUL.");
    }
    return octet;
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static void checkText(ByteBuffer bytes, String name) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(bytes);
    } catch (CharacterCodingException _) {
      throw malformed("The " + name + " is not UTF-8 behind its percent-encoding.");
    }
  }

  private static Problem malformed(String detail) {
    return new Problem(Problem.Kind.MALFORMED, "malformed-request", detail);
  }
}
