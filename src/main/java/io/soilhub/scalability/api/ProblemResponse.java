package io.soilhub.scalability.api;

import io.soilhub.scalability.platform.core.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An error answer before it is tied to a request.
///
/// @param type short name in kebab case
/// @param headers that go with the status, for instance Allow or Retry-After
record ProblemResponse(
    int status,
    String type,
    String detail,
    List<Problem.Violation> violations,
    Map<String, String> headers) {

  /// Prefix that makes the short name of a type a URI, as RFC 9457 wants.
  static final String TYPE_PREFIX = "urn:soilhub:problem:";

  static final String MEDIA_TYPE = "application/problem+json";

  ProblemResponse {
    violations = List.copyOf(violations);
    headers = Map.copyOf(headers);
  }

  static ProblemResponse of(Problem problem) {
    Map<String, String> headers = new LinkedHashMap<>();
    problem.retryAfterField().ifPresent(seconds -> headers.put("Retry-After", seconds));
    if (problem.kind() == Problem.Kind.UNAUTHENTICATED) {
      headers.put("WWW-Authenticate", "Bearer realm=\"soilhub\"");
    }
    return new ProblemResponse(
        problem.kind().status(),
        problem.type(),
        problem.getMessage(),
        problem.violations(),
        headers);
  }

  /// The answer to a bare HTTP status, whoever set it.
  static ProblemResponse of(int status, Map<String, String> headers) {
    return new ProblemResponse(status, type(status), detail(status), List.of(), headers);
  }

  ProblemBody body(String instance, String requestId) {
    return new ProblemBody(
        TYPE_PREFIX + type,
        title(status),
        status,
        detail,
        instance,
        violations.isEmpty() ? null : violations,
        requestId);
  }

  private static String title(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 406 -> "Not Acceptable";
      case 408 -> "Request Timeout";
      case 409 -> "Conflict";
      case 412 -> "Precondition Failed";
      case 413 -> "Content Too Large";
      case 414 -> "URI Too Long";
      case 415 -> "Unsupported Media Type";
      case 421 -> "Misdirected Request";
      case 422 -> "Unprocessable Content";
      case 428 -> "Precondition Required";
      case 429 -> "Too Many Requests";
      case 431 -> "Request Header Fields Too Large";
      case 500 -> "Internal Server Error";
      case 501 -> "Not Implemented";
      case 502 -> "Bad Gateway";
      case 503 -> "Service Unavailable";
      case 504 -> "Gateway Timeout";
      default -> "HTTP " + status;
    };
  }

  private static String type(int status) {
    return switch (status) {
      case 404 -> "no-such-resource";
      case 500 -> "internal-error";
      default -> title(status).toLowerCase(java.util.Locale.ROOT).replace(' ', '-');
    };
  }

  private static String detail(int status) {
    return switch (status) {
      case 400 -> "The request is not well-formed.";
      case 401 -> "Credentials are needed.";
      case 403 -> "The caller may not do this.";
      case 404 -> "Nothing is found at this path.";
      case 405 -> "The resource does not know this method; Allow lists those that it knows.";
      case 406 -> "The answer cannot be given in a type that Accept names.";
      case 415 -> "The resource does not read this Content-Type.";
      case 500 -> "The service failed; the log has the cause under the request id.";
      default -> title(status) + ".";
    };
  }
}
