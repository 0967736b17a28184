package io.soilhub.scalability.monitoring.exposition;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// One range of an Accept header. Of its parameters only the version says which form is meant.
///
/// @param type in lower case, for instance `text/plain`, `text/*` or `*/*`
/// @param version empty for any
/// @param quality 0 to 1
record MediaRange(String type, String version, double quality) {

  /// The ranges of a header; one that is not written as it should be is left out.
  static List<MediaRange> parse(String accept) {
    return Arrays.stream(accept.split(",")).flatMap(range -> of(range).stream()).toList();
  }

  private static Optional<MediaRange> of(String text) {
    String[] parts = text.split(";", -1);
    String type = parts[0].strip().toLowerCase(Locale.ROOT);
    String quality = parameter(parts, "q").orElse("1");
    boolean wellFormed = type.matches("[^/\\s]+/[^/\\s]+") && quality.matches("[01](\\.\\d{0,3})?");
    return wellFormed
        ? Optional.of(
            new MediaRange(
                type, parameter(parts, "version").orElse(""), Double.parseDouble(quality)))
        : Optional.empty();
  }

  private static Optional<String> parameter(String[] parts, String name) {
    return Stream.of(parts)
        .skip(1)
        .map(String::strip)
        .filter(part -> part.regionMatches(true, 0, name + "=", 0, name.length() + 1))
        .map(part -> part.substring(name.length() + 1).replace("\"", "").strip())
        .findFirst();
  }

  boolean takes(String mediaType, String offered) {
    String major = mediaType.substring(0, mediaType.indexOf('/'));
    boolean sameType = type.equals(mediaType) || type.equals(major + "/*") || type.equals("*/*");
    return sameType && (version.isEmpty() || offered.isEmpty() || version.equals(offered));
  }

  /// The more it says, the more it counts.
  int precision() {
    if (type.equals("*/*")) {
      return 0;
    }
    if (type.endsWith("/*")) {
      return 1;
    }
    return version.isEmpty() ? 2 : 3;
  }
}
