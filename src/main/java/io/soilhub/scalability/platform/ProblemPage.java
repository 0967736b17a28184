package io.soilhub.scalability.platform;

/// Makes the body of an error answer (`application/problem+json`) for what is answered outside of
/// JAX-RS. The API implements it.
@FunctionalInterface
public interface ProblemPage {

  /// @param path of the request
  /// @param requestId under which the log has more
  byte[] body(Problem problem, String path, String requestId);
}
