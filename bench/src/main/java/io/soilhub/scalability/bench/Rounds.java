package io.soilhub.scalability.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// The samples of several rounds, by what was measured.
public final class Rounds<K, S> {

  private final Map<K, List<S>> samples = new LinkedHashMap<>();

  public void add(K key, S sample) {
    samples.computeIfAbsent(key, _ -> new ArrayList<>()).add(sample);
  }

  public List<K> keys() {
    return List.copyOf(samples.keySet());
  }

  public List<S> of(K key) {
    return samples.getOrDefault(key, List.of());
  }

  public double median(K key, ToDoubleFunction<S> value) {
    return sorted(key, value)[of(key).size() / 2];
  }

  public double least(K key, ToDoubleFunction<S> value) {
    return sorted(key, value)[0];
  }

  public double most(K key, ToDoubleFunction<S> value) {
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
