package io.soilhub.scalability.cache.cdn;

import io.soilhub.scalability.platform.core.Sha256;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A strong entity tag: 128 bits of the SHA-256 of the body as it is sent.
///
/// @param quoted as it stands in the header ETag, quotes included
record EntityTag(String quoted) {

  private static final int BYTES = 16;

  /// One member of a list, RFC 9110 section 8.8.3: a comma may stand inside the quotes. Empty
  /// members are allowed (section 5.6.1).
  private static final Pattern MEMBER =
      Pattern.compile("\\G[ \\t,]*(?:W/)?(\"[\\x21\\x23-\\x7e\\x80-\\xff]*+\")[ \\t]*(?=,|$)");

  static EntityTag of(byte[] body) {
    byte[] start = Arrays.copyOf(Sha256.of(body), BYTES);
    return new EntityTag('"' + Base64.getUrlEncoder().withoutPadding().encodeToString(start) + '"');
  }

  /// Whether the client has this body already, by the weak comparison that RFC 9110 section 13.1.2
  /// wants: a proxy that compresses makes a weak tag of a strong one.
  ///
  /// @param ifNoneMatch `*` or a list; several lines of the header joined by commas. Nothing
  ///   matches from where it is malformed on.
  boolean matches(String ifNoneMatch) {
    String value = ifNoneMatch.strip();
    if (value.equals("*")) {
      return true;
    }
    Matcher member = MEMBER.matcher(value);
    while (member.find()) {
      if (member.group(1).equals(quoted)) {
        return true;
      }
    }
    return false;
  }
}
