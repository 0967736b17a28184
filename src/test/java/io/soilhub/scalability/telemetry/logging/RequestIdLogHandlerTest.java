package io.soilhub.scalability.telemetry.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.telemetry.tracing.Tracing;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class RequestIdLogHandlerTest {

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
    assertThat(RequestIdLogHandler.text(record, "req-1")).isEqualTo("ERROR [req-1] job 7 failed");
    assertThat(RequestIdLogHandler.text(record, "")).isEqualTo("ERROR [-] job 7 failed");
  }

  @Test
  void standsBeforeEveryHandlerOnceAndGoesAgain() {
    Logger root = Logger.getAnonymousLogger();
    root.setUseParentHandlers(false);
    Kept kept = new Kept();
    root.addHandler(kept);

    RequestIdLogHandler.install(root, Optional.empty());
    RequestIdLogHandler.install(root, Optional.empty());
    root.log(Level.WARNING, "late", new IllegalStateException("why"));
    RequestIdLogHandler.uninstall(root);
    root.info("plain");

    assertThat(kept.records)
        .extracting(LogRecord::getMessage)
        .containsExactly("WARNING [-] late", "plain");
    assertThat(kept.records.getFirst().getThrown()).hasMessage("why");
    assertThat(root.getHandlers()).containsExactly(kept);
  }

  @Test
  void whatTheServerWouldKeepBackIsToldAsInformationWithItsOwnWord() {
    Logger root = Logger.getAnonymousLogger();
    root.setUseParentHandlers(false);
    root.setLevel(Level.ALL);
    Kept kept = new Kept();
    root.addHandler(kept);
    RequestIdLogHandler.install(root, Optional.empty());
    root.fine("close look");
    assertThat(kept.records.getFirst().getLevel()).isEqualTo(Level.INFO);
    assertThat(kept.records.getFirst().getMessage()).isEqualTo("DEBUG [-] close look");
  }

  @Test
  void asJsonALineHasAllThatIsKnown() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    JsonLogWriter lines =
        new JsonLogWriter("node-1", Tracing.OFF, new PrintStream(bytes, true, UTF_8));
    LogRecord record = new LogRecord(Level.WARNING, "unused");
    record.setLoggerName("io.soilhub.Somewhere");
    record.setInstant(Instant.parse("2026-01-31T12:00:00.5Z"));
    lines.write(record, "two\nlines \"quoted\"", "req-1");
    record.setThrown(new IllegalStateException("why"));
    lines.write(record, "plain", "");

    List<String> written = bytes.toString(UTF_8).lines().toList();
    assertThat(written.getFirst())
        .isEqualTo(
            """
            {"time":"2026-01-31T12:00:00.500Z","level":"WARNING","logger":"io.soilhub.Somewhere",\
            "node":"node-1","request_id":"req-1","message":"two\\nlines \\"quoted\\""}\
            """);
    assertThat(written).hasSize(2);
    assertThat(Json.parse(written.get(1)).at("/exception").asText())
        .startsWith("java.lang.IllegalStateException: why\n\tat ");
    assertThat(Json.parse(written.get(1)).has("request_id")).isFalse();
  }
}
