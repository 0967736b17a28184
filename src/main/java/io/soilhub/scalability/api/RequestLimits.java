package io.soilhub.scalability.api;

import io.soilhub.scalability.platform.Problem;
import io.soilhub.scalability.platform.Settings;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How much one request may send. A declared length over the limit is refused unread; a body of
/// undeclared length is cut off at the limit.
///
/// @param maxBody bytes of a body
/// @param maxUpload bytes of an uploaded table, sent as CSV, gzipped or in a form
/// @param maxForward bytes of a body that passes through the gateway
record RequestLimits(long maxBody, long maxUpload, long maxForward) {

  private static final String GATEWAY = "/gateway/";

  private static final List<String> UPLOADS =
      List.of("text/csv", "application/gzip", "multipart/form-data");

  static RequestLimits from(Settings settings) {
    int body = settings.integer("MAX_BODY_BYTES", 1 << 20, 1024, 1 << 30);
    int upload = settings.integer("MAX_UPLOAD_BYTES", 32 << 20, 1024, 1 << 30);
    int forward = settings.integer("GATEWAY_MAX_BODY_BYTES", 100 << 20, 1024, 1 << 30);
    return new RequestLimits(body, Math.max(body, upload), forward);
  }

  Optional<Failure> refuse(HttpServletRequest request) {
    long limit = limit(request);
    return request.getContentLengthLong() > limit
        ? Optional.of(Failure.of(tooLarge(limit)))
        : Optional.empty();
  }

  /// The same request, whose body cannot be read beyond the limit. A declared length does not bound
  /// it: the server unpacks compressed bodies.
  HttpServletRequest bounded(HttpServletRequest request) {
    long limit = limit(request);
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
        Problem.Kind.TOO_LARGE,
        "body-too-large",
        "The body may have at most %d bytes.".formatted(limit));
  }

  private long limit(HttpServletRequest request) {
    String path = request.getRequestURI();
    return path != null && path.startsWith(GATEWAY) ? maxForward : limit(request.getContentType());
  }

  long limit(String contentType) {
    String type = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
    return UPLOADS.stream().anyMatch(type::startsWith) ? maxUpload : maxBody;
  }

  /// A body that throws a problem of kind TOO_LARGE at the first byte over its limit.
  private static final class BoundedBody extends ServletInputStream {

    private final ServletInputStream body;
    private final long limit;
    private long read;

    BoundedBody(ServletInputStream body, long limit) {
      this.body = body;
      this.limit = limit;
    }

    @Override
    public int read() throws IOException {
      int value = body.read();
      if (value >= 0) {
        count(1);
      }
      return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int got = body.read(bytes, offset, length);
      if (got > 0) {
        count(got);
      }
      return got;
    }

    @Override
    public boolean isFinished() {
      return body.isFinished();
    }

    @Override
    public boolean isReady() {
      return body.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      body.setReadListener(listener);
    }

    private void count(int got) {
      read += got;
      if (read > limit) {
        throw tooLarge(limit);
      }
    }
  }
}
