package io.soilhub.scalability.telemetry.logging;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/// Stands between the loggers of the application and the server's log. As text it puts the level in
/// words and the request's id in front of every message, whatever the server then makes a line of.
/// As JSON it writes the line itself, and the server passes it on as it is.
public final class RequestIdLogHandler extends Handler {

  private static final Formatter MESSAGE = new SimpleFormatter();

  private final Handler server;
  private final Optional<JsonLogWriter> json;

  private RequestIdLogHandler(Handler server, Optional<JsonLogWriter> json) {
    this.server = server;
    this.json = json;
  }

  /// Stands before each of the root logger's handlers.
  ///
  /// @param json empty for text
  public static void install(Logger root, Optional<JsonLogWriter> json) {
    for (Handler handler : root.getHandlers()) {
      if (!(handler instanceof RequestIdLogHandler)) {
        root.removeHandler(handler);
        root.addHandler(new RequestIdLogHandler(handler, json));
      }
    }
  }

  /// Undoes [#install], for a server that goes on without the application.
  public static void uninstall(Logger root) {
    List<Handler> handlers = Arrays.asList(root.getHandlers());
    for (Handler handler : handlers) {
      if (handler instanceof RequestIdLogHandler log) {
        root.removeHandler(log);
        root.addHandler(log.server);
      }
    }
  }

  @Override
  public void publish(LogRecord record) {
    if (json.isPresent()) {
      json.get().write(record, MESSAGE.formatMessage(record), RequestId.current());
    } else {
      server.publish(line(record));
    }
  }

  /// The server keeps what is below INFO out of its log, so it is not told that this is.
  private static LogRecord line(LogRecord record) {
    boolean detail = record.getLevel().intValue() < Level.INFO.intValue();
    LogRecord line =
        new LogRecord(detail ? Level.INFO : record.getLevel(), text(record, RequestId.current()));
    line.setLoggerName(record.getLoggerName());
    line.setInstant(record.getInstant());
    line.setLongThreadID(record.getLongThreadID());
    line.setSourceClassName(record.getSourceClassName());
    line.setSourceMethodName(record.getSourceMethodName());
    line.setThrown(record.getThrown());
    return line;
  }

  static String text(LogRecord record, String requestId) {
    String id = requestId.isEmpty() ? "-" : requestId;
    return "%s [%s] %s".formatted(word(record.getLevel()), id, MESSAGE.formatMessage(record));
  }

  @Override
  public void flush() {
    server.flush();
  }

  @Override
  public void close() {
    server.close();
  }

  static String word(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "ERROR";
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return "WARNING";
    }
    return level.intValue() >= Level.INFO.intValue() ? "INFO" : "DEBUG";
  }
}
