package io.soilhub.scalability.gateway;

/// A header field of a request or an answer, one line of it.
public record Field(String name, String value) {

  /// Whether names of fields and methods may have it (tokens of RFC 9110, section 5.6.2).
  public static boolean isOfToken(char c) {
    boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }
}
