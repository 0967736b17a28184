package io.soilhub.scalability.platform.http;

import io.soilhub.scalability.platform.core.Problem;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The precondition of a change of settings whose ETag is the number of their version (RFC 9110,
/// section 13.1.1). Weak tags match nothing, because the comparison is the strong one.
///
/// @param any whether every version will do, as `*` says
/// @param versions those that will do otherwise
public record IfMatch(boolean any, Set<Long> versions) {

  private static final Pattern TAG = Pattern.compile("(W/)?\"([^\"]*)\"|([^\\s,\"]+)");
  private static final int LONGEST = 18;

  public IfMatch {
    versions = Set.copyOf(versions);
  }

  /// Reads the header. A number without quotes is taken for the tag that it was meant to be.
  ///
  /// @param header null when it was not sent
  /// @throws Problem of kind PRECONDITION_REQUIRED without the header
  public static IfMatch of(String header) {
    if (header == null) {
      throw new Problem(
          Problem.Kind.PRECONDITION_REQUIRED,
          "if-match-required",
          "Send the ETag of the settings that you want to replace as If-Match, or *.");
    }
    Set<Long> versions = new HashSet<>();
    for (Matcher tag = TAG.matcher(header); tag.find(); ) {
      String text = tag.group(2) == null ? tag.group(3) : tag.group(2);
      if (tag.group(1) == null && text.length() <= LONGEST && text.matches("\\d+")) {
        versions.add(Long.parseLong(text));
      }
    }
    return new IfMatch(header.strip().equals("*"), versions);
  }

  /// Whether settings of this version may be replaced.
  public boolean matches(long version) {
    return any || versions.contains(version);
  }
}
