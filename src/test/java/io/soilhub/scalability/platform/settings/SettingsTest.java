package io.soilhub.scalability.platform.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.platform.settings.Settings.InvalidSetting;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  private enum Mode {
    READ_ONLY,
    READ_WRITE
  }

  @Test
  void givesDefaultsForWhatIsNotSetOrBlank() {
    Settings settings = Settings.from(Map.of("BLANK", "  "));

    assertThat(settings.integer("BLANK", 7, 0, 10)).isEqualTo(7);
    assertThat(settings.flag("MISSING", true)).isTrue();
    assertThat(settings.choice("MISSING", Mode.READ_ONLY)).isEqualTo(Mode.READ_ONLY);
    assertThat(settings.text("MISSING")).isEmpty();
  }

  @Test
  void readsValuesInTheUnitOfTheirName() {
    Settings settings =
        Settings.from(Map.of("WAIT_MS", " 250 ", "MODE", "read-write", "LIST", "a, b,,c"));

    assertThat(settings.duration("WAIT_MS", Duration.ofMillis(1), 5, 1, 1000))
        .isEqualTo(Duration.ofMillis(250));
    assertThat(settings.choice("MODE", Mode.READ_ONLY)).isEqualTo(Mode.READ_WRITE);
    assertThat(settings.list("LIST", "")).containsExactly("a", "b", "c");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "11", "ten", "1.5", "99999999999"})
  void refusesANumberWithNameValueAndBounds(String value) {
    Settings settings = Settings.from(Map.of("MAX_INSTANCES", value));

    assertThatThrownBy(() -> settings.integer("MAX_INSTANCES", 5, 1, 10))
        .isInstanceOf(InvalidSetting.class)
        .hasMessage("MAX_INSTANCES is '%s', but must be a whole number from 1 to 10", value);
  }

  @Test
  void refusesAFlagAndAChoiceWithWhatIsAllowed() {
    Settings settings = Settings.from(Map.of("ENABLE", "yes", "MODE", "append"));

    assertThatThrownBy(() -> settings.flag("ENABLE", true))
        .hasMessage("ENABLE is 'yes', but must be true or false");
    assertThatThrownBy(() -> settings.choice("MODE", Mode.READ_ONLY))
        .hasMessage("MODE is 'append', but must be one of read_only, read_write");
  }
}
