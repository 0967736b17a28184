package io.soilhub.scalability.telemetry.metrics;

import java.util.regex.Pattern;

/// Identity of what is recorded. Of one kind and name there is one for each set of labels.
public record Series(SeriesKind kind, String name, Labels labels) {

  public static final int MAX_NAME = 120;

  /// Name of what comes after too many names.
  public static final String OVERFLOW = "overflow";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_./{}-]{1," + MAX_NAME + "}");

  /// @throws IllegalArgumentException for a name that is empty, too long or holds other characters
  public Series {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a name of 1 to %d letters, digits and . _ - / { }, not '%s'".formatted(MAX_NAME, name));
    }
  }

  static Series operation(String name) {
    return new Series(SeriesKind.OPERATION, name, Labels.NONE);
  }
}
