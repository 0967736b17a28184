package io.soilhub.scalability.gateway.downstream;

import io.soilhub.scalability.platform.core.Ticker;
import java.io.IOException;
import java.lang.System.Logger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.FileHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/// A line for each request at the gateway's own port: peer, time, request line, status, bytes,
/// microseconds, request id. Requests do not wait for the disk: lines are written in batches by
/// [#step], and those that find the queue full are left out and counted.
final class AccessLog implements AutoCloseable {

  private static final Logger LOG = System.getLogger(AccessLog.class.getName());

  /// Lines that may wait while the disk stands still: 20 MB at most.
  private static final int QUEUE = 10_000;

  private static final int LONGEST = 2_000;
  private static final int FILE_BYTES = 20 << 20;
  private static final int FILES = 5;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT);

  /// A request under way.
  @FunctionalInterface
  interface OpenRequest {

    /// The request has its response.
    void end(String peer, RequestHead head, SocketDownstream downstream);
  }

  private record Line(
      Instant at, String peer, String request, int status, long bytes, long micros, String id) {}

  private final Clock clock;
  private final Ticker ticker;
  private final FileHandler file;
  private final BlockingQueue<Line> queue = new LinkedBlockingQueue<>(QUEUE);
  private final AtomicLong leftOut = new AtomicLong();
  private long second;
  private String time = "";

  private AccessLog(Clock clock, Ticker ticker, FileHandler file) {
    this.clock = clock;
    this.ticker = ticker;
    this.file = file;
  }

  /// @throws IOException when the folder cannot be written to
  static AccessLog in(Path folder, Clock clock, Ticker ticker) throws IOException {
    Files.createDirectories(folder);
    String pattern = folder.toString().replace("%", "%%") + "/gateway.%g.log";
    FileHandler file = new FileHandler(pattern, FILE_BYTES, FILES, true);
    file.setEncoding("UTF-8");
    file.setFormatter(
        new Formatter() {
          @Override
          public String format(LogRecord batch) {
            return batch.getMessage();
          }
        });
    return new AccessLog(clock, ticker, file);
  }

  OpenRequest begin() {
    long begin = ticker.nanos();
    return (peer, head, downstream) -> {
      long micros = (ticker.nanos() - begin) / 1_000;
      String request = head.requestLine();
      Line line =
          new Line(
              clock.instant(),
              peer,
              request.length() > LONGEST ? request.substring(0, LONGEST) + "..." : request,
              downstream.status(),
              downstream.written(),
              micros,
              downstream.requestId());
      if (!queue.offer(line)) {
        leftOut.incrementAndGet();
      }
    };
  }

  /// Writes what has come. Called several times a second.
  public void step() {
    StringBuilder batch = new StringBuilder();
    for (Line line = queue.poll(); line != null; line = queue.poll()) {
      append(batch, line);
    }
    if (!batch.isEmpty()) {
      file.publish(new LogRecord(Level.INFO, batch.toString()));
    }
    long missing = leftOut.getAndSet(0);
    if (missing > 0) {
      LOG.log(Logger.Level.WARNING, "{0} lines of the gateway's log are left out", missing);
    }
  }

  @Override
  public void close() {
    step();
    file.close();
  }

  private void append(StringBuilder batch, Line line) {
    batch
        .append(line.peer())
        .append(" [")
        .append(time(line.at()))
        .append("] \"")
        .append(escaped(line.request()))
        .append("\" ")
        .append(line.status())
        .append(' ')
        .append(line.bytes())
        .append(' ')
        .append(line.micros())
        .append(' ')
        .append(line.id())
        .append('\n');
  }

  /// Escapes what would end the quotes early, or what a terminal or a log reader would act on, as
  /// nginx and Apache do.
  static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c >= 0x7F || c == '"' || c == '\\') {
        escaped.append("\\x%02X".formatted((int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }

  /// Formatting a time takes longer than the rest of a line, and many lines have the same second.
  private String time(Instant at) {
    if (at.getEpochSecond() != second) {
      second = at.getEpochSecond();
      time = TIME.format(at.atZone(ZoneId.systemDefault()));
    }
    return time;
  }
}
