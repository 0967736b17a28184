package io.soilhub.scalability.telemetry.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdTest {

  private static final UUID FRESH = UUID.fromString("01a208a3-0bfd-7000-943f-6d4dc94d1b74");

  @ParameterizedTest
  @ValueSource(strings = {"a", "req-1", "01a208a3/0bfd", "~!@#$%^&*()"})
  void takesAUsableIdOver(String sent) {
    assertThat(RequestId.of(Optional.of(sent), () -> FRESH)).isEqualTo(sent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "a\nb", "a\tb", "é", "\"", "\\", "\u007f"})
  void replacesWhatCouldForgeALogLine(String sent) {
    assertThat(RequestId.of(Optional.of(sent), () -> FRESH)).isEqualTo(FRESH.toString());
  }

  @Test
  void boundsTheLength() {
    String longest = "x".repeat(128);
    assertThat(RequestId.of(Optional.of(longest), () -> FRESH)).isEqualTo(longest);
    assertThat(RequestId.of(Optional.of(longest + "x"), () -> FRESH)).isEqualTo(FRESH.toString());
  }

  @Test
  void makesOneWhenNoneIsSent() {
    assertThat(RequestId.of(Optional.empty(), () -> FRESH)).isEqualTo(FRESH.toString());
  }

  @Test
  void isKnownToTheThreadBetweenEnterAndLeave() {
    RequestId.enter("a");
    assertThat(RequestId.current()).isEqualTo("a");
    RequestId.leave();
    assertThat(RequestId.current()).isEmpty();
  }
}
