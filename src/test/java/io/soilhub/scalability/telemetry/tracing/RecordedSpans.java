package io.soilhub.scalability.telemetry.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;

/// Tracing on the SDK that the server's feature carries, and the spans that have ended.
public final class RecordedSpans implements AutoCloseable {

  private final InMemorySpanExporter exported = InMemorySpanExporter.create();
  private final SdkTracerProvider tracers =
      SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exported)).build();
  private final Tracing tracing =
      OpenTelemetryTracing.of(OpenTelemetrySdk.builder().setTracerProvider(tracers).build());

  public Tracing tracing() {
    return tracing;
  }

  public List<SpanData> ended() {
    return exported.getFinishedSpanItems();
  }

  /// An attribute of a span as text; empty when it has none.
  public static String text(SpanData span, String attribute) {
    String text = span.getAttributes().get(AttributeKey.stringKey(attribute));
    Long number = span.getAttributes().get(AttributeKey.longKey(attribute));
    return text != null ? text : number != null ? number.toString() : "";
  }

  @Override
  public void close() {
    tracers.close();
  }
}
