package io.soilhub.scalability.testing;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// Takes what is exported by OTLP over HTTP in protobuf, on a loopback port, and keeps it.
public final class OtlpReceiver implements AutoCloseable {

  /// A span as it came.
  ///
  /// @param parentId empty for the first of a trace
  /// @param kind as `SERVER`
  /// @param attributes as text, by name
  public record Received(
      String traceId,
      String spanId,
      String parentId,
      String name,
      String kind,
      boolean failed,
      Map<String, String> attributes,
      Map<String, String> resource) {}

  private final HttpServer server;
  private final AtomicInteger requests = new AtomicInteger();
  private final List<Received> spans = new CopyOnWriteArrayList<>();
  private final Set<String> metrics = new ConcurrentSkipListSet<>();
  private final Map<String, String> metricResource = new ConcurrentHashMap<>();

  private OtlpReceiver(HttpServer server) {
    this.server = server;
  }

  public static OtlpReceiver start() {
    try {
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      OtlpReceiver receiver = new OtlpReceiver(HttpServer.create(address, 100));
      receiver.server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      receiver.server.createContext("/", receiver::take);
      receiver.server.start();
      return receiver;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// For OTEL_EXPORTER_OTLP_ENDPOINT.
  public String endpoint() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  /// How often anything was sent.
  public int requests() {
    return requests.get();
  }

  public List<Received> spans() {
    return List.copyOf(spans);
  }

  /// Those of one trace.
  public List<Received> trace(String traceId) {
    return spans.stream().filter(span -> span.traceId().equals(traceId)).toList();
  }

  /// The names of all metrics that came.
  public Set<String> metrics() {
    return Set.copyOf(metrics);
  }

  /// What the metrics are said to be of.
  public Map<String, String> metricResource() {
    return Map.copyOf(metricResource);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.incrementAndGet();
      byte[] body = exchange.getRequestBody().readAllBytes();
      switch (exchange.getRequestURI().getPath()) {
        case "/v1/traces" ->
            ExportTraceServiceRequest.parseFrom(body).getResourceSpansList().forEach(this::keep);
        case "/v1/metrics" -> keep(ExportMetricsServiceRequest.parseFrom(body));
        default -> {
          // logs are only counted
        }
      }
      exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private void keep(ExportMetricsServiceRequest request) {
    for (var resource : request.getResourceMetricsList()) {
      metricResource.putAll(attributes(resource.getResource().getAttributesList()));
      resource.getScopeMetricsList().stream()
          .flatMap(scope -> scope.getMetricsList().stream())
          .forEach(metric -> metrics.add(metric.getName()));
    }
  }

  private void keep(ResourceSpans all) {
    Map<String, String> resource = attributes(all.getResource().getAttributesList());
    all.getScopeSpansList().stream()
        .flatMap(scope -> scope.getSpansList().stream())
        .forEach(span -> spans.add(received(span, resource)));
  }

  private static Received received(Span span, Map<String, String> resource) {
    return new Received(
        hex(span.getTraceId()),
        hex(span.getSpanId()),
        hex(span.getParentSpanId()),
        span.getName(),
        span.getKind().name().replace("SPAN_KIND_", ""),
        span.getStatus().getCodeValue() == 2,
        attributes(span.getAttributesList()),
        resource);
  }

  private static Map<String, String> attributes(List<KeyValue> attributes) {
    Map<String, String> all = new TreeMap<>();
    attributes.forEach(attribute -> all.put(attribute.getKey(), text(attribute.getValue())));
    return Collections.unmodifiableMap(all);
  }

  private static String text(AnyValue value) {
    return value.hasIntValue() ? Long.toString(value.getIntValue()) : value.getStringValue();
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
