package io.soilhub.scalability.telemetry.logging;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.telemetry.tracing.TraceContext;
import io.soilhub.scalability.telemetry.tracing.Tracing;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.LogRecord;

/// Writes each record as one line of JSON: time, level, logger, node, request_id, trace_id,
/// span_id, message, and the stack trace of an exception. What is not known is left out.
public final class JsonLogWriter {

  private static final String JSON = "json";

  private static final Setting<String> FORMAT =
      Setting.word(
          "LOG_FORMAT",
          "simple",
          List.of("simple", JSON),
          "lines of application.log and of the console: for people, or JSON");

  static final List<Setting<?>> ALL = List.of(FORMAT);

  private final String node;
  private final Tracing tracing;
  private final PrintStream out;

  /// @param node name of this replica
  JsonLogWriter(String node, Tracing tracing, PrintStream out) {
    this.node = node;
    this.tracing = tracing;
    this.out = out;
  }

  /// By LOG_FORMAT; empty for text.
  ///
  /// @param node asked for JSON only
  /// @throws Settings.InvalidSetting when it is neither `simple` nor `json`
  public static Optional<JsonLogWriter> from(
      Settings settings, Supplier<String> node, Tracing tracing) {
    return FORMAT.read(settings).equals(JSON)
        ? Optional.of(new JsonLogWriter(node.get(), tracing, System.out))
        : Optional.empty();
  }

  void write(LogRecord record, String message, String requestId) {
    out.println(line(record, message, requestId));
  }

  private String line(LogRecord record, String message, String requestId) {
    ObjectNode line = Json.object();
    line.put("time", record.getInstant().toString());
    line.put("level", RequestIdLogHandler.word(record.getLevel()));
    put(line, "logger", record.getLoggerName());
    line.put("node", node);
    put(line, "request_id", requestId);
    TraceContext span = tracing.current();
    put(line, "trace_id", span.traceId());
    put(line, "span_id", span.spanId());
    put(line, "message", message);
    if (record.getThrown() != null) {
      StringWriter trace = new StringWriter();
      record.getThrown().printStackTrace(new PrintWriter(trace));
      line.put("exception", trace.toString());
    }
    return Json.write(line);
  }

  private static void put(ObjectNode line, String name, String value) {
    if (value != null && !value.isEmpty()) {
      line.put(name, value);
    }
  }
}
