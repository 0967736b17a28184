package io.soilhub.scalability.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// The samples of several rounds, by what was measured.
final class Rounds<K, S> {

  private final Map<K, List<S>> samples = new LinkedHashMap<>();

  void add(K key, S sample) {
    samples.computeIfAbsent(key, _ -> new ArrayList<>()).add(sample);
  }

  List<K> keys() {
    return List.copyOf(samples.keySet());
  }

  List<S> of(K key) {
    return samples.getOrDefault(key, List.of());
  }

  double median(K key, ToDoubleFunction<S> value) {
    return sorted(key, value)[of(key).size() / 2];
  }

  double least(K key, ToDoubleFunction<S> value) {
    return sorted(key, value)[0];
  }

  double most(K key, ToDoubleFunction<S> value) {
    return sorted(key, value)[of(key).size() - 1];
  }

  @Override
  public String toString() {
    return samples.toString();
  }

  private double[] sorted(K key, ToDoubleFunction<S> value) {
    return of(key).stream().mapToDouble(value).sorted().toArray();
  }
}
