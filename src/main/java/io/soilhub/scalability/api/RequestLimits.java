package io.soilhub.scalability.api;

import io.soilhub.scalability.platform.Problem;
import io.soilhub.scalability.platform.Settings;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.util.Optional;

/// How much one request may send. A declared length over the limit is refused unread; a body of
/// undeclared length is cut off at the limit.
///
/// @param maxBody bytes of a body
/// @param maxUpload bytes of a CSV upload
record RequestLimits(long maxBody, long maxUpload) {

  static RequestLimits from(Settings settings) {
    int body = settings.integer("MAX_BODY_BYTES", 1 << 20, 1024, 1 << 30);
    int upload = settings.integer("MAX_UPLOAD_BYTES", 32 << 20, 1024, 1 << 30);
    return new RequestLimits(body, Math.max(body, upload));
  }

  Optional<Failure> refuse(HttpServletRequest request) {
    long limit = limit(request.getContentType());
    return request.getContentLengthLong() > limit
        ? Optional.of(Failure.of(tooLarge(limit)))
        : Optional.empty();
  }

  /// The same request, whose body cannot be read beyond the limit.
  HttpServletRequest bounded(HttpServletRequest request) {
    if (request.getContentLengthLong() >= 0) {
      return request;
    }
    long limit = limit(request.getContentType());
    return new HttpServletRequestWrapper(request) {
      private BoundedBody body;

      @Override
      public BoundedBody getInputStream() throws IOException {
        if (body == null) {
          body = new BoundedBody(super.getInputStream(), limit);
        }
        return body;
      }
    };
  }

  static Problem tooLarge(long limit) {
    return new Problem(
        Problem.Kind.TOO_LARGE, "body-too-large", "The body may have at most %d bytes.".formatted(limit));
  }

  private long limit(String contentType) {
    return contentType != null && contentType.startsWith("text/csv") ? maxUpload : maxBody;
  }
}
