package io.soilhub.scalability.api;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// How much one request may send, and how many may send much at the same time. A declared length
/// over the limit is refused unread; a body of undeclared length is cut off at the limit. What is
/// to be forwarded the gateway bounds by itself.
///
/// @param maxBody bytes of a body
/// @param maxUpload bytes of an uploaded table, sent as CSV, gzipped or in a form
record RequestLimits(long maxBody, long maxUpload) {

  private static final String GATEWAY = "/gateway/";

  private static final List<String> UPLOADS =
      List.of("text/csv", "application/gzip", "multipart/form-data");

  private static final Setting<Integer> MAX_BODY =
      Setting.integer("MAX_BODY_BYTES", 1 << 20, 1024, 1 << 30, "longest body of a request");

  private static final Setting<Integer> MAX_UPLOAD =
      Setting.integer(
          "MAX_UPLOAD_BYTES",
          32 << 20,
          1024,
          1 << 30,
          "longest upload of a table: CSV, gzip or form");

  private static final Setting<Integer> MAX_CONCURRENT_UPLOADS =
      Setting.integer(
          "MAX_CONCURRENT_UPLOADS",
          2,
          1,
          64,
          "tables that are received and read at the same time; one more is told to come later");

  static final List<Setting<?>> ALL = List.of(MAX_BODY, MAX_UPLOAD, MAX_CONCURRENT_UPLOADS);

  static RequestLimits from(Settings settings) {
    int body = MAX_BODY.read(settings);
    int upload = MAX_UPLOAD.read(settings);
    return new RequestLimits(body, Math.max(body, upload));
  }

  Optional<ProblemResponse> refuse(HttpServletRequest request) {
    long limit = limit(request);
    return request.getContentLengthLong() > limit
        ? Optional.of(ProblemResponse.of(tooLarge(limit)))
        : Optional.empty();
  }

  /// The same request, whose body cannot be read beyond the limit. A declared length does not bound
  /// it: the server unpacks compressed bodies.
  ///
  /// @param slot that an upload takes before its first byte is read
  HttpServletRequest bounded(HttpServletRequest request, UploadSlots.Slot slot) {
    boolean isForward = isForward(request);
    boolean takesSlot = !isForward && isUpload(request.getContentType());
    long limit = limit(request);
    return new HttpServletRequestWrapper(request) {
      private BoundedBody body;

      @Override
      public BoundedBody getInputStream() throws IOException {
        if (body == null) {
          if (takesSlot) {
            slot.take();
          }
          body = new BoundedBody(super.getInputStream(), limit, isForward);
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
    return isForward(request) ? Long.MAX_VALUE : limit(request.getContentType());
  }

  static boolean isForward(HttpServletRequest request) {
    String path = request.getRequestURI();
    return path != null && path.startsWith(GATEWAY);
  }

  long limit(String contentType) {
    return isUpload(contentType) ? maxUpload : maxBody;
  }

  private static boolean isUpload(String contentType) {
    String type = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
    return UPLOADS.stream().anyMatch(type::startsWith);
  }

  /// Bounds how many uploads are received and read at the same time: each is held in memory as a
  /// whole, as it came and as it was understood. Nobody waits for a slot, for waiting would take
  /// the threads of all other requests.
  static final class UploadSlots {

    private static final Duration COME_AGAIN = Duration.ofSeconds(5);

    private final Semaphore free;

    static UploadSlots from(Settings settings) {
      return new UploadSlots(MAX_CONCURRENT_UPLOADS.read(settings));
    }

    UploadSlots(int most) {
      this.free = new Semaphore(most);
    }

    /// One request's claim to a slot, taken when its body is first read and given back at its end.
    Slot slot() {
      return new Slot();
    }

    /// Of one request, in its thread.
    final class Slot implements AutoCloseable {

      private boolean taken;

      private Slot() {}

      /// @throws Problem of kind UNAVAILABLE when all slots are taken
      void take() {
        if (!taken && !free.tryAcquire()) {
          throw Problem.unavailable(
              "too-many-uploads",
              "Other tables are being read; send this one again in a moment.",
              COME_AGAIN,
              null);
        }
        taken = true;
      }

      @Override
      public void close() {
        if (taken) {
          taken = false;
          free.release();
        }
      }
    }
  }

  /// A body that throws a problem of kind TOO_LARGE at the first byte over its limit.
  private static final class BoundedBody extends ServletInputStream {

    private final ServletInputStream body;
    private final long limit;
    private final boolean isForward;
    private long read;

    /// @param isForward whether the gateway reads it, which wants to know that the caller failed
    BoundedBody(ServletInputStream body, long limit, boolean isForward) {
      this.body = body;
      this.limit = limit;
      this.isForward = isForward;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /// Readers differ in what they make of a body that breaks off, or that is not packed as it
    /// says, so they do not get to see that.
    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        int got = body.read(bytes, offset, length);
        if (got > 0) {
          count(got);
        }
        return got;
      } catch (IOException e) {
        if (isForward) {
          throw e;
        }
        throw ExceptionTranslator.unreadable();
      }
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
