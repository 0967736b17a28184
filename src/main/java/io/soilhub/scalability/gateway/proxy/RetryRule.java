package io.soilhub.scalability.gateway.proxy;

import java.util.Set;

/// Whether a request may be sent again to another instance (RFC 9110, section 9.2.2): always when
/// nothing was sent, else only when doing it twice is doing it once. Never when a part of its body
/// is gone already: bodies are not held.
final class RetryRule {

  private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE");

  /// Answers by which an instance says that it did not do it.
  private static final Set<Integer> REPEATABLE = Set.of(502, 503, 504);

  private RetryRule() {}

  static boolean afterFault(String method, boolean bodyTouched, UpstreamFailure.Kind fault) {
    return !bodyTouched && (fault == UpstreamFailure.Kind.UNREACHED || IDEMPOTENT.contains(method));
  }

  static boolean afterAnswer(String method, boolean bodyTouched, int status) {
    return !bodyTouched && IDEMPOTENT.contains(method) && REPEATABLE.contains(status);
  }
}
