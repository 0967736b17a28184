package io.soilhub.scalability.api;

import io.soilhub.scalability.access.RequestId;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/// Puts the level in words and the request's id in front of every message that the application and
/// its libraries log, whatever the server then makes a line of.
final class RequestLog extends Handler {

  private static final Formatter MESSAGE = new SimpleFormatter();

  private final Handler server;

  private RequestLog(Handler server) {
    this.server = server;
  }

  /// Stands before each of the root logger's handlers.
  static void install(Logger root) {
    for (Handler handler : root.getHandlers()) {
      if (!(handler instanceof RequestLog)) {
        root.removeHandler(handler);
        root.addHandler(new RequestLog(handler));
      }
    }
  }

  /// Undoes [#install], for a server that goes on without the application.
  static void uninstall(Logger root) {
    List<Handler> handlers = Arrays.asList(root.getHandlers());
    for (Handler handler : handlers) {
      if (handler instanceof RequestLog log) {
        root.removeHandler(log);
        root.addHandler(log.server);
      }
    }
  }

  @Override
  public void publish(LogRecord record) {
    LogRecord line = new LogRecord(record.getLevel(), text(record, RequestId.current()));
    line.setLoggerName(record.getLoggerName());
    line.setInstant(record.getInstant());
    line.setLongThreadID(record.getLongThreadID());
    line.setSourceClassName(record.getSourceClassName());
    line.setSourceMethodName(record.getSourceMethodName());
    line.setThrown(record.getThrown());
    server.publish(line);
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

  private static String word(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "ERROR";
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return "WARNING";
    }
    return level.intValue() >= Level.INFO.intValue() ? "INFO" : "DEBUG";
  }
}
