package io.soilhub.scalability.balancing.registry;

import io.soilhub.scalability.balancing.fleet.Instance;
import java.util.List;

/// Instances that are known from elsewhere than the API. Every CDI bean of this type is asked once
/// a second; it must not wait.
@FunctionalInterface
public interface InstanceSource {

  /// As of now, or as last seen.
  List<Instance> instances();
}
