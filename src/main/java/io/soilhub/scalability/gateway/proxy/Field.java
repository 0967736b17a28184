package io.soilhub.scalability.gateway.proxy;

/// A header field of a request or an answer, one line of it.
public record Field(String name, String value) {

  private static final int LONGEST_NAME = 256;

  /// Whether both parts have only characters that they may have: a name that is a token, and no
  /// controls in the value (RFC 9110, section 5.5). Parsers disagree about what others mean.
  public static boolean isWellFormed(String name, String value) {
    boolean clean = !name.isEmpty() && name.length() <= LONGEST_NAME;
    for (int i = 0; i < name.length(); i++) {
      clean &= isOfToken(name.charAt(i));
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      clean &= c == '\t' || (c >= ' ' && c != 0x7F && c <= 0xFF);
    }
    return clean;
  }

  /// Whether names of fields and methods may have it (tokens of RFC 9110, section 5.6.2).
  public static boolean isOfToken(char c) {
    boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }
}
