package io.soilhub.scalability.platform.settings;

import static java.time.temporal.ChronoUnit.DAYS;
import static java.time.temporal.ChronoUnit.MILLIS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.platform.settings.Settings.InvalidSetting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTest {

  private enum Mode {
    READ_ONLY,
    READ_WRITE
  }

  private static final Setting<Mode> MODE =
      Setting.choice("MODE", Mode.READ_ONLY, List.of(Mode.values()), "what is allowed");

  @Test
  void givesDefaultsForWhatIsNotSetOrBlank() {
    Settings settings = Settings.from(Map.of("BLANK", "  "));

    assertThat(Setting.integer("BLANK", 7, 0, 10, "").read(settings)).isEqualTo(7);
    assertThat(Setting.flag("MISSING", true, "").read(settings)).isTrue();
    assertThat(MODE.read(settings)).isEqualTo(Mode.READ_ONLY);
    assertThat(settings.text("MISSING")).isEmpty();
    assertThat(Setting.text("MISSING", "a", "text", "").read(settings)).isEqualTo("a");
    assertThat(Setting.optional("MISSING", "text", "").read(settings)).isEmpty();
    assertThat(Setting.optionalInteger("BLANK", 0, 10, "").read(settings)).isEmpty();
    assertThat(Setting.duration("BLANK", DAYS, 2, 1, 3, "").read(settings))
        .isEqualTo(Duration.ofHours(48));
    assertThat(Setting.list("BLANK", "a,b", "", "").read(settings)).containsExactly("a", "b");
  }

  @Test
  void readsValuesInTheUnitOfTheirName() {
    Settings settings =
        Settings.from(
            Map.of("WAIT_MS", " 250 ", "MODE", "read_write", "LIST", "a, b,,c", "RATE", "0.5"));

    assertThat(Setting.duration("WAIT_MS", MILLIS, 5, 1, 1000, "").read(settings))
        .isEqualTo(Duration.ofMillis(250));
    assertThat(MODE.read(settings)).isEqualTo(Mode.READ_WRITE);
    assertThat(Setting.list("LIST", "", "", "").read(settings)).containsExactly("a", "b", "c");
    assertThat(Setting.decimal("RATE", 5, 0.01, 10, "").read(settings)).isEqualTo(0.5);
    assertThat(Setting.optionalInteger("WAIT_MS", 0, 250, "").read(settings)).contains(250);
  }

  @Test
  void tellsAValueFromItsDefault() {
    Setting<String> name = Setting.text("NAME", "default", "text", "");

    assertThat(name.readIfSet(Settings.from(Map.of()))).isEmpty();
    assertThat(name.readIfSet(Settings.from(Map.of("NAME", "default")))).contains("default");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "11", "ten", "1.5", "99999999999"})
  void refusesANumberWithNameValueAndBounds(String value) {
    Settings settings = Settings.from(Map.of("MAX_INSTANCES", value));

    assertThatThrownBy(() -> Setting.integer("MAX_INSTANCES", 5, 1, 10, "").read(settings))
        .isInstanceOf(InvalidSetting.class)
        .hasMessage("MAX_INSTANCES is '%s', but must be a whole number from 1 to 10", value);
    assertThatThrownBy(() -> Setting.optionalInteger("MAX_INSTANCES", 1, 10, "").read(settings))
        .hasMessage("MAX_INSTANCES is '%s', but must be a whole number from 1 to 10", value);
    assertThatThrownBy(() -> Setting.duration("MAX_INSTANCES", DAYS, 5, 1, 10, "").read(settings))
        .hasMessage("MAX_INSTANCES is '%s', but must be a whole number from 1 to 10", value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0.009", "1000.1", "NaN", "fast"})
  void refusesADecimalWithItsBounds(String value) {
    Settings settings = Settings.from(Map.of("RATE", value));

    assertThatThrownBy(() -> Setting.decimal("RATE", 5, 0.01, 1000, "").read(settings))
        .isInstanceOf(InvalidSetting.class)
        .hasMessage("RATE is '%s', but must be a number from 0.01 to 1000", value);
  }

  @Test
  void refusesAFlagAndAChoiceWithWhatIsAllowed() {
    Settings settings = Settings.from(Map.of("ENABLE", "yes", "MODE", "append"));

    assertThatThrownBy(() -> Setting.flag("ENABLE", true, "").read(settings))
        .hasMessage("ENABLE is 'yes', but must be true or false");
    assertThatThrownBy(() -> MODE.read(settings))
        .hasMessage("MODE is 'append', but must be one of read_only, read_write");
  }

  @ParameterizedTest
  @CsvSource({"TRUE, true", "False, false", "true, true"})
  void readsAFlagInAnyCase(String value, boolean expected) {
    Settings settings = Settings.from(Map.of("ENABLE", value));
    assertThat(Setting.flag("ENABLE", !expected, "").read(settings)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"READ_WRITE", "read-write", "read_writes"})
  void takesAChoiceAsItIsWritten(String value) {
    Settings settings = Settings.from(Map.of("MODE", value));
    assertThatThrownBy(() -> MODE.read(settings)).isInstanceOf(InvalidSetting.class);
  }

  @Test
  void isARowOfTheTable() {
    assertThat(MODE.row())
        .isEqualTo("| `MODE` | `read_only` | `read_only`, `read_write` | what is allowed |");
    assertThat(Setting.decimal("RATE", 5, 0.01, 1000, "calls").row())
        .isEqualTo("| `RATE` | `5` | 0.01 to 1000 | calls |");
    assertThat(Setting.optional("NAME", "text", "who").row())
        .isEqualTo("| `NAME` |  | text | who |");
    assertThat(Setting.integer("MOST", 3, 1, 9, "largest").reserved().row())
        .isEqualTo("| `MOST` | `3` | 1 to 9 | largest; not read by this version, only checked |");
  }
}
