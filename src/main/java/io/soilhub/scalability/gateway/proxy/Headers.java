package io.soilhub.scalability.gateway.proxy;

import io.soilhub.scalability.telemetry.tracing.TraceContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Which header fields pass the gateway, and which it adds (RFC 9110, section 7.6).
final class Headers {

  static final String VIA = "1.1 soilhub";

  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "http2-settings");

  /// Written by the gateway, or made anew from the body.
  private static final Set<String> OWN =
      Set.of("host", "content-length", "expect", "x-request-id", "x-instance-id");

  /// They describe a body that is still encoded.
  private static final Set<String> OF_ENCODED =
      Set.of("content-encoding", "content-digest", "repr-digest", "digest", "content-md5");

  private static final String TRACE_PARENT = "traceparent";
  private static final String TRACE_STATE = "tracestate";

  private Headers() {}

  /// The trace that the fields belong to.
  static TraceContext trace(List<Field> fields) {
    return TraceContext.sent(values(fields, TRACE_PARENT), values(fields, TRACE_STATE));
  }

  /// The fields with another place in the trace.
  static List<Field> traced(List<Field> fields, TraceContext context) {
    List<Field> out = new ArrayList<>();
    for (Field field : fields) {
      if (!field.name().equalsIgnoreCase(TRACE_PARENT)
          && !field.name().equalsIgnoreCase(TRACE_STATE)) {
        out.add(field);
      }
    }
    out.add(new Field(TRACE_PARENT, context.traceparent()));
    if (!context.tracestate().isEmpty()) {
      out.add(new Field(TRACE_STATE, context.tracestate()));
    }
    return out;
  }

  private static List<String> values(List<Field> fields, String name) {
    return fields.stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(Field::value)
        .toList();
  }

  /// The fields that still hold when the body has been decoded.
  static List<Field> decoded(List<Field> fields) {
    return fields.stream()
        .filter(field -> !OF_ENCODED.contains(field.name().toLowerCase(Locale.ROOT)))
        .toList();
  }

  /// The fields of a request as the instance gets them.
  ///
  /// @param credentials names in lower case of fields that go no further
  static List<Field> toInstance(
      List<Field> fields, ForwardedHeaders forwarded, Set<String> credentials, String requestId) {
    Set<String> named = namedByConnection(fields);
    List<Field> out = new ArrayList<>();
    for (Field field : fields) {
      String name = field.name().toLowerCase(Locale.ROOT);
      boolean claimed =
          ForwardedHeaders.isOne(name)
              && (!forwarded.trusted() || ForwardedHeaders.isWritten(name));
      if (!claimed && !drops(name, named) && !credentials.contains(name)) {
        out.add(field);
      }
    }
    out.addAll(forwarded.fields());
    out.add(new Field("Via", VIA));
    out.add(new Field("X-Request-Id", requestId));
    return out;
  }

  /// The fields of a response as the client gets them.
  static List<Field> toClient(List<Field> fields, String instanceId) {
    Set<String> named = namedByConnection(fields);
    List<Field> out = new ArrayList<>();
    for (Field field : fields) {
      if (!drops(field.name().toLowerCase(Locale.ROOT), named)) {
        out.add(field);
      }
    }
    out.add(new Field("Via", VIA));
    out.add(new Field("X-Instance-Id", instanceId));
    return out;
  }

  private static boolean drops(String name, Set<String> named) {
    return HOP_BY_HOP.contains(name) || OWN.contains(name) || named.contains(name);
  }

  private static Set<String> namedByConnection(List<Field> fields) {
    Set<String> named = Set.of();
    for (Field field : fields) {
      if (field.name().equalsIgnoreCase("connection")) {
        named = named.isEmpty() ? new HashSet<>() : named;
        for (String name : field.value().split(",")) {
          named.add(name.strip().toLowerCase(Locale.ROOT));
        }
      }
    }
    return named;
  }
}
