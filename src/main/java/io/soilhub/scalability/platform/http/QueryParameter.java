package io.soilhub.scalability.platform.http;

import io.soilhub.scalability.platform.core.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// Reads query parameters that arrive as text, null when not sent. A bad one is a problem of kind
/// INVALID that names it under the pointer `/query/<name>`.
public final class QueryParameter {

  private QueryParameter() {}

  public static int integer(String name, String value, int defaultValue, int min, int max) {
    if (value == null) {
      return defaultValue;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw invalid(name, "must be a whole number from %d to %d".formatted(min, max));
  }

  /// One of the names of an enum in lower case.
  public static <E extends Enum<E>> Optional<E> choice(String name, String value, Class<E> type) {
    if (value == null) {
      return Optional.empty();
    }
    List<E> constants = List.of(type.getEnumConstants());
    Optional<E> found =
        constants.stream().filter(c -> c.name().toLowerCase(Locale.ROOT).equals(value)).findFirst();
    if (found.isEmpty()) {
      String known =
          Arrays.stream(type.getEnumConstants())
              .map(c -> c.name().toLowerCase(Locale.ROOT))
              .collect(Collectors.joining(", "));
      throw invalid(name, "must be one of " + known);
    }
    return found;
  }

  public static Problem invalid(String name, String detail) {
    return Problem.invalid("/query/" + name, name + " " + detail);
  }
}
