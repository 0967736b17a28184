package io.soilhub.scalability.platform.settings;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Reads environment variables by name, with default and bounds. A bad value stops the start with a
/// sentence that names the variable, its value and what is allowed; nothing is clamped silently.
public final class Settings {

  /// A variable holds something that the service cannot run with.
  public static final class InvalidSetting extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public InvalidSetting(String name, String value, String allowed) {
      super("%s is '%s', but must be %s".formatted(name, value, allowed));
    }
  }

  private final Function<String, Optional<String>> source;

  private Settings(Function<String, Optional<String>> source) {
    this.source = source;
  }

  /// @param source gives the raw value of a variable; blank counts as not set
  public static Settings from(Function<String, Optional<String>> source) {
    return new Settings(name -> source.apply(name).map(String::strip).filter(v -> !v.isEmpty()));
  }

  public static Settings from(Map<String, String> variables) {
    return from(name -> Optional.ofNullable(variables.get(name)));
  }

  public Optional<String> text(String name) {
    return source.apply(name);
  }

  public String text(String name, String defaultValue) {
    return text(name).orElse(defaultValue);
  }

  public boolean flag(String name, boolean defaultValue) {
    return text(name)
        .map(
            value ->
                switch (value.toLowerCase(Locale.ROOT)) {
                  case "true" -> true;
                  case "false" -> false;
                  default -> throw new InvalidSetting(name, value, "true or false");
                })
        .orElse(defaultValue);
  }

  public int integer(String name, int defaultValue, int min, int max) {
    return text(name)
        .map(
            value -> {
              try {
                int number = Integer.parseInt(value);
                if (number >= min && number <= max) {
                  return number;
                }
              } catch (NumberFormatException _) {
                // said below, in the same words as a number out of bounds
              }
              throw new InvalidSetting(
                  name, value, "a whole number from %d to %d".formatted(min, max));
            })
        .orElse(defaultValue);
  }

  /// A length of time given as a whole number of `unit`.
  public Duration duration(String name, Duration unit, int defaultValue, int min, int max) {
    return unit.multipliedBy(integer(name, defaultValue, min, max));
  }

  /// One of the names of an enum, written in lower case.
  public <E extends Enum<E>> E choice(String name, E defaultValue) {
    Class<E> type = defaultValue.getDeclaringClass();
    return text(name).map(value -> constant(name, value, type)).orElse(defaultValue);
  }

  /// Comma-separated values, each stripped, without empty ones.
  public List<String> list(String name, String defaultValue) {
    return Arrays.stream(text(name, defaultValue).split(","))
        .map(String::strip)
        .filter(v -> !v.isEmpty())
        .toList();
  }

  private static <E extends Enum<E>> E constant(String name, String value, Class<E> type) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(value.replace('-', '_'))) {
        return constant;
      }
    }
    String allowed =
        Arrays.stream(type.getEnumConstants())
            .map(c -> c.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", ", "one of ", ""));
    throw new InvalidSetting(name, value, allowed);
  }
}
