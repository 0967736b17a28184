package io.soilhub.scalability.frontends;

import io.soilhub.scalability.platform.Ticker;
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

/// A line for each request at the gateway's own port, in the form in which the server writes those
/// at its port: peer, time, request line, status, bytes, microseconds, request id. Requests do not
/// wait for the disk: lines are written in batches by [#step], and those that find the queue full
/// are left out and counted.
final class AccessLog implements AutoCloseable {

  private static final Logger LOG = System.getLogger(AccessLog.class.getName());
  private static final int QUEUE = 50_000;
  private static final int FILE_BYTES = 20 << 20;
  private static final int FILES = 5;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT);

  /// A request under way.
  @FunctionalInterface
  interface Entry {

    /// It is answered.
    void end(RequestHead head, SocketCaller caller);
  }

  private record Line(Instant at, RequestHead head, SocketCaller caller, long micros) {}

  private final Clock clock;
  private final Ticker ticker;
  private final FileHandler file;
  private final BlockingQueue<Line> queue = new LinkedBlockingQueue<>(QUEUE);
  private final AtomicLong leftOut = new AtomicLong();

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

  Entry begin() {
    long begin = ticker.nanos();
    return (head, caller) -> {
      Line line = new Line(clock.instant(), head, caller, (ticker.nanos() - begin) / 1_000);
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

  private static void append(StringBuilder batch, Line line) {
    batch
        .append(line.caller().peer())
        .append(" [")
        .append(TIME.format(line.at().atZone(ZoneId.systemDefault())))
        .append("] \"")
        .append(line.head().requestLine().replace("\"", "%22")) // which would end it early
        .append("\" ")
        .append(line.caller().status())
        .append(' ')
        .append(line.caller().written())
        .append(' ')
        .append(line.micros())
        .append(' ')
        .append(line.caller().requestId())
        .append('\n');
  }
}
