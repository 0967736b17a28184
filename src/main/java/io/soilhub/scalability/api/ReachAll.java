package io.soilhub.scalability.api;

import jakarta.validation.Path;
import jakarta.validation.TraversableResolver;
import java.lang.annotation.ElementType;

/// Validates every member. The server's own resolver asks JPA whether a member is loaded, and fails
/// on a persistence provider that lies in the application; what is validated here are request
/// records.
public class ReachAll implements TraversableResolver {

  @Override
  public boolean isReachable(
      Object bean, Path.Node property, Class<?> root, Path path, ElementType element) {
    return true;
  }

  @Override
  public boolean isCascadable(
      Object bean, Path.Node property, Class<?> root, Path path, ElementType element) {
    return true;
  }
}
