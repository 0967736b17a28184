package io.soilhub.scalability.platform.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Root of the errors that a caller can cause or has to know about. Features subclass it with the
/// ids concerned in the detail; one mapper in `api` turns it into an RFC 9457 problem. The detail
/// is shown to the caller: it names values and limits, never a class, a statement or a host.
public class Problem extends RuntimeException {

  /// What went wrong, in the terms that decide the HTTP status.
  public enum Kind {
    MALFORMED(400),
    UNAUTHENTICATED(401),
    FORBIDDEN(403),
    NOT_FOUND(404),
    CONFLICT(409),
    STALE(412),
    TOO_LARGE(413),
    MISDIRECTED(421),
    INVALID(422),
    PRECONDITION_REQUIRED(428),
    TOO_MANY(429),
    HEAD_TOO_LARGE(431),
    INTERNAL(500),
    NOT_IMPLEMENTED(501),
    BAD_GATEWAY(502),
    UNAVAILABLE(503),
    GATEWAY_TIMEOUT(504);

    private final int status;

    Kind(int status) {
      this.status = status;
    }

    public int status() {
      return status;
    }
  }

  /// One thing wrong with the input. `pointer` is an RFC 6901 JSON pointer, empty for the whole
  /// body.
  public record Violation(String pointer, String detail) {}

  /// Makes the body of an error answer (`application/problem+json`) for what is answered outside of
  /// JAX-RS. The API implements it.
  @FunctionalInterface
  public interface Page {

    /// @param path of the request
    /// @param requestId under which the log has more
    byte[] body(Problem problem, String path, String requestId);
  }

  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final String type;
  private final transient List<Violation> violations;
  private final Duration retryAfter;

  /// @param type short stable name in kebab case, for instance `job-not-found`
  public Problem(Kind kind, String type, String detail) {
    this(kind, type, detail, List.of(), null, null);
  }

  public Problem(Kind kind, String type, String detail, List<Violation> violations) {
    this(kind, type, detail, violations, null, null);
  }

  protected Problem(
      Kind kind,
      String type,
      String detail,
      List<Violation> violations,
      Duration retryAfter,
      Throwable cause) {
    super(detail, cause);
    this.kind = kind;
    this.type = type;
    this.violations = List.copyOf(violations);
    this.retryAfter = retryAfter;
  }

  /// Well-formed input that cannot be used.
  public static Problem invalid(String pointer, String detail) {
    return invalid(List.of(new Violation(pointer, detail)));
  }

  /// Well-formed input that cannot be used, with everything that is wrong with it.
  public static Problem invalid(List<Violation> violations) {
    String detail =
        violations.size() == 1
            ? violations.getFirst().detail()
            : violations.size() + " fields are invalid";
    return new Problem(Kind.INVALID, "invalid-input", detail, violations);
  }

  /// A dependency is away; the same request may work after `retryAfter`.
  public static Problem unavailable(
      String type, String detail, Duration retryAfter, Throwable cause) {
    return new Problem(Kind.UNAVAILABLE, type, detail, List.of(), retryAfter, cause);
  }

  /// A defect of ours. Its cause is for the log alone.
  public static Problem internal() {
    return new Problem(
        Kind.INTERNAL,
        "internal-error",
        "The service failed; the log has the cause under the request id.");
  }

  public Kind kind() {
    return kind;
  }

  public String type() {
    return type;
  }

  public List<Violation> violations() {
    return violations;
  }

  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /// The same as the value of the header field Retry-After: whole seconds, at least one.
  public Optional<String> retryAfterField() {
    return retryAfter().map(wait -> Long.toString(Math.max(1, wait.toSeconds())));
  }
}
