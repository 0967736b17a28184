package io.soilhub.scalability.gateway.proxy;

import io.soilhub.scalability.platform.http.HttpMethods;
import java.util.Set;

/// Whether a request may be sent once more (RFC 9110, section 9.2.2): always when nothing was sent,
/// otherwise only when the method is idempotent. Never when a part of its body was read, because
/// bodies are not buffered.
public final class RetryRule {

  /// Statuses by which an instance says that it did not process the request.
  private static final Set<Integer> RETRYABLE = Set.of(502, 503, 504);

  private RetryRule() {}

  public static boolean afterFailure(Upstream.Request request, UpstreamFailure.Kind failure) {
    return !request.body().touched()
        && (failure == UpstreamFailure.Kind.UNREACHED
            || HttpMethods.isIdempotent(request.method()));
  }

  static boolean afterResponse(Upstream.Request request, int status) {
    return !request.body().touched()
        && HttpMethods.isIdempotent(request.method())
        && RETRYABLE.contains(status);
  }
}
