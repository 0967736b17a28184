package io.soilhub.scalability.platform.settings;

import io.soilhub.scalability.platform.settings.Settings.InvalidSetting;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// One environment variable: its name, its default, what it may hold, and what it means. It is
/// declared once, as a constant of the class that reads it. The check at startup and the table in
/// README.md are made of the same constants.
///
/// @param <T> type of a value; `Optional` when there is no default
public final class Setting<T> {

  private final String name;
  private final String initial;
  private final String allowed;
  private final String meaning;
  private final T fallback;
  private final Function<String, T> parser;

  /// @param initial the default as the table shows it, empty when there is none
  /// @param allowed what the variable may hold, in Markdown
  private Setting(
      String name,
      String initial,
      String allowed,
      String meaning,
      T fallback,
      Function<String, T> parser) {
    this.name = name;
    this.initial = initial;
    this.allowed = allowed;
    this.meaning = meaning;
    this.fallback = fallback;
    this.parser = parser;
  }

  /// Text of a form that its reader checks.
  public static Setting<String> text(String name, String initial, String allowed, String meaning) {
    return new Setting<>(name, initial, allowed, meaning, initial, value -> value);
  }

  /// Text without a default.
  public static Setting<Optional<String>> optional(String name, String allowed, String meaning) {
    return new Setting<>(name, "", allowed, meaning, Optional.empty(), Optional::of);
  }

  public static Setting<Boolean> flag(String name, boolean initial, String meaning) {
    return new Setting<>(
        name,
        Boolean.toString(initial),
        "`true`, `false`",
        meaning,
        initial,
        value ->
            switch (value.toLowerCase(Locale.ROOT)) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new InvalidSetting(name, value, "true or false");
            });
  }

  public static Setting<Integer> integer(
      String name, int initial, int min, int max, String meaning) {
    return new Setting<>(
        name,
        Integer.toString(initial),
        "%d to %d".formatted(min, max),
        meaning,
        initial,
        value -> integer(name, value, min, max));
  }

  /// A whole number without a default.
  public static Setting<Optional<Integer>> optionalInteger(
      String name, int min, int max, String meaning) {
    return new Setting<>(
        name,
        "",
        "%d to %d".formatted(min, max),
        meaning,
        Optional.empty(),
        value -> Optional.of(integer(name, value, min, max)));
  }

  /// A length of time, given as a whole number of `unit`.
  public static Setting<Duration> duration(
      String name, ChronoUnit unit, int initial, int min, int max, String meaning) {
    return new Setting<>(
        name,
        Integer.toString(initial),
        "%d to %d".formatted(min, max),
        meaning,
        Duration.of(initial, unit),
        value -> Duration.of(integer(name, value, min, max), unit));
  }

  /// A number that need not be whole.
  public static Setting<Double> decimal(
      String name, double initial, double min, double max, String meaning) {
    return new Setting<>(
        name,
        plain(initial),
        "%s to %s".formatted(plain(min), plain(max)),
        meaning,
        initial,
        value -> decimal(name, value, min, max));
  }

  /// One of some words.
  public static Setting<String> word(
      String name, String initial, List<String> words, String meaning) {
    return new Setting<>(
        name,
        initial,
        words.stream().map("`%s`"::formatted).collect(Collectors.joining(", ")),
        meaning,
        initial,
        value -> {
          if (!words.contains(value)) {
            throw new InvalidSetting(name, value, "one of " + String.join(", ", words));
          }
          return value;
        });
  }

  /// One of some constants of an enum, written in lower case.
  public static <E extends Enum<E>> Setting<E> choice(
      String name, E initial, List<E> constants, String meaning) {
    List<String> words = constants.stream().map(Setting::word).toList();
    Setting<String> word = word(name, word(initial), words, meaning);
    return new Setting<>(
        name,
        word.initial,
        word.allowed,
        meaning,
        initial,
        value -> constants.get(words.indexOf(word.parser.apply(value))));
  }

  /// Values with commas between, each stripped, without empty ones.
  public static Setting<List<String>> list(
      String name, String initial, String allowed, String meaning) {
    return new Setting<>(name, initial, allowed, meaning, entries(initial), Setting::entries);
  }

  /// The same setting as one that is documented and checked, but that nothing reads yet.
  public Setting<T> reserved() {
    String only = meaning + "; not read by this version, only checked";
    return new Setting<>(name, initial, allowed, only, fallback, parser);
  }

  public String name() {
    return name;
  }

  /// The value, or the default when there is none.
  ///
  /// @throws InvalidSetting when the variable holds what it may not
  public T read(Settings settings) {
    return readIfSet(settings).orElse(fallback);
  }

  /// The value; empty when the variable is not set, even if the setting has a default.
  ///
  /// @throws InvalidSetting when the variable holds what it may not
  public Optional<T> readIfSet(Settings settings) {
    return settings.text(name).map(parser);
  }

  /// The row of the table in README.md.
  String row() {
    String shown = initial.isEmpty() ? "" : "`" + initial + "`";
    return "| `%s` | %s | %s | %s |".formatted(name, shown, allowed, meaning);
  }

  private static int integer(String name, String value, int min, int max) {
    try {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException _) {
      // said below, in the same words as a number out of bounds
    }
    throw new InvalidSetting(name, value, "a whole number from %d to %d".formatted(min, max));
  }

  private static double decimal(String name, String value, double min, double max) {
    try {
      double number = Double.parseDouble(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException _) {
      // said below, in the same words as a number out of bounds
    }
    throw new InvalidSetting(
        name, value, "a number from %s to %s".formatted(plain(min), plain(max)));
  }

  private static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static List<String> entries(String value) {
    return Arrays.stream(value.split(",")).map(String::strip).filter(v -> !v.isEmpty()).toList();
  }
}
