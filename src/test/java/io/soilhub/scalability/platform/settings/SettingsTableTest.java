package io.soilhub.scalability.platform.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTableTest {

  private static final Path README = Path.of("README.md");
  private static final Pattern SECTION =
      Pattern.compile("(?s)(?<=<!-- settings:begin -->\\n).*(?=<!-- settings:end -->)");

  /// A call of [Settings] with the name of a variable.
  private static final Pattern READ =
      Pattern.compile(
          "\\.(?:text|flag|integer|duration|choice|list)\\(\\s*\"([A-Z][A-Z0-9_]+)\"(?!\\s*\\+)");

  /// The platform sets them, not who runs the service.
  private static final Set<String> GIVEN =
      Set.of("HOSTNAME", "KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT");

  @Test
  void theDocumentedTableIsTheListThatIsChecked() throws IOException {
    String page = Files.readString(README);
    String renewed =
        SECTION.matcher(page).replaceFirst(Matcher.quoteReplacement(SettingsCatalog.table()));
    if (System.getProperty("settings.write") != null) {
      Files.writeString(README, renewed);
    } else {
      assertThat(page)
          .as("renew it with mvn test -Dtest=SettingsTableTest -Dsettings.write")
          .isEqualTo(renewed)
          .contains(SettingsCatalog.table());
    }
  }

  @Test
  void everyVariableThatIsReadIsListed() throws IOException {
    assertThat(listed()).containsAll(read());
  }

  @Test
  void theDefaultsAreAllowed() {
    Map<String, String> defaults =
        SettingsCatalog.ALL.stream()
            .filter(v -> !v.initial().isEmpty())
            .collect(Collectors.toMap(Variable::name, Variable::initial));
    SettingsCatalog.check(Settings.from(defaults));
  }

  @ParameterizedTest
  @CsvSource({
    "PORT, 0",
    "PORT, http",
    "ALLOW_ANONYMOUS, yes",
    "CACHE_STRATEGY, magic",
    "METRICS_AUTH, true",
    "MIN_INSTANCES, -1",
    "BACKUP_INTERVAL_HOURS, 1.5"
  })
  void aBadValueIsNamed(String name, String value) {
    Settings settings = Settings.from(Map.of(name, value));
    assertThatThrownBy(() -> SettingsCatalog.check(settings))
        .isInstanceOf(Settings.InvalidSetting.class)
        .hasMessageContaining(name)
        .hasMessageContaining(value);
  }

  private static List<String> listed() {
    return SettingsCatalog.ALL.stream().map(Variable::name).toList();
  }

  private static Set<String> read() throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        Matcher call = READ.matcher(Files.readString(file));
        while (call.find()) {
          names.add(call.group(1));
        }
      }
    }
    names.removeAll(GIVEN);
    assertThat(names).contains("DATABASE_URL", "PORT");
    return names;
  }
}
