package io.soilhub.scalability.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class RequestLogTest {

  /// Keeps what it is given.
  private static final class Kept extends Handler {
    private final List<LogRecord> records = new ArrayList<>();

    @Override
    public void publish(LogRecord record) {
      records.add(record);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void putsLevelAndRequestInFrontOfTheFormattedMessage() {
    LogRecord record = new LogRecord(Level.SEVERE, "job {0} failed");
    record.setParameters(new Object[] {"7"});
    assertThat(RequestLog.text(record, "req-1")).isEqualTo("ERROR [req-1] job 7 failed");
    assertThat(RequestLog.text(record, "")).isEqualTo("ERROR [-] job 7 failed");
  }

  @Test
  void standsBeforeEveryHandlerOnceAndGoesAgain() {
    Logger root = Logger.getAnonymousLogger();
    root.setUseParentHandlers(false);
    Kept kept = new Kept();
    root.addHandler(kept);

    RequestLog.install(root);
    RequestLog.install(root);
    root.log(Level.WARNING, "late", new IllegalStateException("why"));
    RequestLog.uninstall(root);
    root.info("plain");

    assertThat(kept.records)
        .extracting(LogRecord::getMessage)
        .containsExactly("WARNING [-] late", "plain");
    assertThat(kept.records.getFirst().getThrown()).hasMessage("why");
    assertThat(root.getHandlers()).containsExactly(kept);
  }
}
