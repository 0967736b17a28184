package io.soilhub.scalability.telemetry.logging;

import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/// The id under which one request stands in the answer, the access log and the application log.
public final class RequestId {

  public static final String HEADER = "X-Request-Id";
  private static final int MAX_LENGTH = 128;
  private static final ThreadLocal<String> CURRENT = new ThreadLocal<>();

  private RequestId() {}

  /// The id that the caller sent when it is usable (1 to 128 visible ASCII characters), else a new
  /// one. Anything else could forge log lines.
  public static String of(Optional<String> sent, Supplier<UUID> fresh) {
    return sent.filter(RequestId::usable).orElseGet(() -> fresh.get().toString());
  }

  /// The id of the request that this thread works on; empty outside one.
  public static String current() {
    String id = CURRENT.get();
    return id == null ? "" : id;
  }

  /// Says what the thread works on from now on, until [#leave].
  public static void enter(String id) {
    CURRENT.set(id);
  }

  public static void leave() {
    CURRENT.remove();
  }

  private static boolean usable(String id) {
    return !id.isEmpty()
        && id.length() <= MAX_LENGTH
        && id.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '\\');
  }
}
