package io.soilhub.scalability.platform.settings;

import java.util.List;
import java.util.stream.Collectors;

/// One environment variable.
///
/// @param initial what holds when it is not set; empty when nothing does
/// @param meaning for the table of README.md
record Variable(String name, Values values, String initial, String meaning, Use use) {

  /// Read by this version, or reserved for a later one and only checked.
  enum Use {
    READ,
    RESERVED
  }

  /// What a variable may hold.
  sealed interface Values {

    /// Anything of a form that its reader checks.
    record Text(String form) implements Values {}

    /// `true` or `false`.
    record Flag() implements Values {}

    /// A whole number within bounds.
    record Whole(int min, int max) implements Values {}

    /// One of some words.
    record Words(List<String> allowed) implements Values {}
  }

  /// @throws Settings.InvalidSetting when it holds what it may not
  void check(Settings settings) {
    switch (values) {
      case Values.Text _ -> {}
      case Values.Flag _ -> settings.flag(name, false);
      case Values.Whole(int min, int max) -> settings.integer(name, min, min, max);
      case Values.Words(List<String> allowed) ->
          settings
              .text(name)
              .filter(value -> !allowed.contains(value))
              .ifPresent(
                  value -> {
                    throw new Settings.InvalidSetting(
                        name, value, "one of " + String.join(", ", allowed));
                  });
    }
  }

  /// Its row in the table, as Markdown.
  String row() {
    return "| `%s` | %s | %s | %s%s |"
        .formatted(
            name,
            initial.isEmpty() ? "" : "`" + initial + "`",
            allowed(values),
            meaning,
            use == Use.RESERVED ? "; not read by this version, only checked" : "");
  }

  private static String allowed(Values values) {
    return switch (values) {
      case Values.Text(String form) -> form;
      case Values.Flag _ -> "`true`, `false`";
      case Values.Whole(int min, int max) -> "%d to %d".formatted(min, max);
      case Values.Words(List<String> words) ->
          words.stream().map(w -> "`" + w + "`").collect(Collectors.joining(", "));
    };
  }

  static Variable text(String name, String form, String initial, String meaning) {
    return new Variable(name, new Values.Text(form), initial, meaning, Use.READ);
  }

  static Variable words(String name, List<String> allowed, String initial, String meaning) {
    return new Variable(name, new Values.Words(allowed), initial, meaning, Use.READ);
  }

  static Variable flag(String name, String initial, String meaning) {
    return new Variable(name, new Values.Flag(), initial, meaning, Use.READ);
  }

  static Variable whole(String name, int min, int max, String initial, String meaning) {
    return new Variable(name, new Values.Whole(min, max), initial, meaning, Use.READ);
  }

  static Variable reserved(String name, Values values, String initial, String meaning) {
    return new Variable(name, values, initial, meaning, Use.RESERVED);
  }
}
