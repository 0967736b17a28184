package io.soilhub.scalability.telemetry.tracing;

import java.util.List;
import java.util.regex.Pattern;

/// A span as other processes know it (W3C Trace Context, level 1).
///
/// @param traceparent of version 00; empty outside of any trace
/// @param tracestate what vendors add; empty for nothing
public record TraceContext(String traceparent, String tracestate) {

  public static final TraceContext NONE = new TraceContext("", "");

  private static final Pattern FIELDS =
      Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  private static final int LENGTH = 55;
  private static final int LONGEST_STATE = 512;

  public TraceContext {
    if (!traceparent.isEmpty() && !isWhole(traceparent)) {
      throw new IllegalArgumentException("not a traceparent: " + traceparent);
    }
    if (traceparent.isEmpty() && !tracestate.isEmpty()) {
      throw new IllegalArgumentException("a tracestate without its traceparent");
    }
  }

  /// What a caller sent or the journal holds. A traceparent that is malformed is none, and a
  /// tracestate that is too long or not printable is left out: both are for information, and no
  /// request fails by them. Of later versions the part that all have in common is taken.
  ///
  /// @param traceparent null for none
  /// @param tracestate null for none
  public static TraceContext of(String traceparent, String tracestate) {
    if (traceparent == null || !isReadable(traceparent)) {
      return NONE;
    }
    String common = "00" + traceparent.substring(2, LENGTH);
    return new TraceContext(common, isKept(tracestate) ? tracestate : "");
  }

  /// What a caller sent as header fields. A traceparent that is there twice is none; a tracestate
  /// may come in parts.
  public static TraceContext sent(List<String> traceparents, List<String> tracestates) {
    return traceparents.size() == 1
        ? of(traceparents.getFirst(), String.join(",", tracestates))
        : NONE;
  }

  public boolean isNone() {
    return traceparent.isEmpty();
  }

  /// 32 hexadecimal digits; empty for [#NONE].
  public String traceId() {
    return isNone() ? "" : traceparent.substring(3, 35);
  }

  /// 16 hexadecimal digits; empty for [#NONE].
  public String spanId() {
    return isNone() ? "" : traceparent.substring(36, 52);
  }

  private static boolean isWhole(String traceparent) {
    return traceparent.length() == LENGTH && FIELDS.matcher(traceparent).matches();
  }

  private static boolean isReadable(String traceparent) {
    if (traceparent.length() <= LENGTH) {
      return isWhole(traceparent);
    }
    return !traceparent.startsWith("00")
        && traceparent.charAt(LENGTH) == '-'
        && isWhole(traceparent.substring(0, LENGTH));
  }

  private static boolean isKept(String tracestate) {
    return tracestate != null
        && tracestate.length() <= LONGEST_STATE
        && tracestate.chars().allMatch(c -> c >= ' ' && c < 0x7F);
  }
}
