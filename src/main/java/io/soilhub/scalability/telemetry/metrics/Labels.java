package io.soilhub.scalability.telemetry.metrics;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The labels of a series, in the order of their names.
public record Labels(SortedMap<String, String> values) {

  public static final Labels NONE = new Labels(new TreeMap<>());

  private static final String NAME = "[a-zA-Z_][a-zA-Z0-9_]*";

  /// @throws IllegalArgumentException for a name that Prometheus does not take
  public Labels {
    for (String name : values.keySet()) {
      if (!name.matches(NAME) || name.startsWith("__")) {
        throw new IllegalArgumentException(
            "label '%s' must be letters, digits and '_', and not begin with '__'".formatted(name));
      }
    }
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  public static Labels of(String name, String value) {
    return new Labels(new TreeMap<>(Map.of(name, value)));
  }

  public static Labels of(String name, String value, String second, String secondValue) {
    return new Labels(new TreeMap<>(Map.of(name, value, second, secondValue)));
  }

  public static Labels of(Map<String, String> values) {
    return values.isEmpty() ? NONE : new Labels(new TreeMap<>(values));
  }
}
