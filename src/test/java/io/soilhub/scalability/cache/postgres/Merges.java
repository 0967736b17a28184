package io.soilhub.scalability.cache.postgres;

import java.util.List;
import java.util.stream.Stream;

/// Every order in which the steps of two can happen, a letter a step.
final class Merges {

  private Merges() {}

  static List<String> of(String one, String other) {
    if (one.isEmpty() || other.isEmpty()) {
      return List.of(one + other);
    }
    Stream<String> first = of(one.substring(1), other).stream().map(r -> one.charAt(0) + r);
    Stream<String> second = of(one, other.substring(1)).stream().map(r -> other.charAt(0) + r);
    return Stream.concat(first, second).toList();
  }
}
