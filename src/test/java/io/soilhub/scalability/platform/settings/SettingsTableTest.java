package io.soilhub.scalability.platform.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.enterprise.inject.Produces;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
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

/// Holds the table in README.md, the settings that are declared and those that are checked at
/// startup against each other. The checks are those that CDI would collect, made here without a
/// server.
class SettingsTableTest {

  private static final Path README = Path.of("README.md");
  private static final Pattern SECTION =
      Pattern.compile("(?s)(?<=<!-- settings:begin -->\\n).*(?=<!-- settings:end -->)");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([A-Z0-9_]+)` \\|");
  private static final String HEAD =
      "| variable | default | allowed | meaning |\n|---|---|---|---|\n";

  /// A variable that is read by its name, past any declaration.
  private static final Pattern READ =
      Pattern.compile("(?<!Setting)\\.text\\(\\s*\"([A-Z][A-Z0-9_]+)\"");

  /// The platform sets them, not who runs the service.
  private static final Set<String> GIVEN =
      Set.of("HOSTNAME", "KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT");

  private static final List<StartupCheck> CHECKS = startupChecks();

  @Test
  void theTableHasARowForEverySettingThatIsChecked() throws IOException {
    String page = Files.readString(README);
    String renewed = SECTION.matcher(page).replaceFirst(Matcher.quoteReplacement(table(page)));
    if (System.getProperty("settings.write") != null) {
      Files.writeString(README, renewed);
    } else {
      assertThat(page)
          .as("renew it with mvn test -Dtest=SettingsTableTest -Dsettings.write")
          .isEqualTo(renewed)
          .contains(HEAD);
    }
  }

  @Test
  void everySettingIsDeclaredOnce() {
    assertThat(checked().stream().map(Setting::name)).doesNotHaveDuplicates();
  }

  @Test
  void everySettingThatIsDeclaredIsChecked() {
    Set<String> declared = new TreeSet<>();
    for (Class<?> type : classes()) {
      Arrays.stream(type.getDeclaredFields())
          .filter(f -> Modifier.isStatic(f.getModifiers()) && f.getType() == Setting.class)
          .forEach(field -> declared.add(((Setting<?>) valueOf(field)).name()));
    }
    assertThat(declared).contains("DATABASE_URL", "PORT", "JOB_LEASE_SECONDS");
    assertThat(names()).containsAll(declared);
  }

  @Test
  void everyVariableIsReadByItsDeclaration() throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        Matcher call = READ.matcher(Files.readString(file));
        while (call.find()) {
          names.add(call.group(1));
        }
      }
    }
    assertThat(names).isEqualTo(new TreeSet<>(GIVEN));
  }

  /// And what the table shows is what holds when nothing is set.
  @Test
  void theDefaultsAreAllowed() {
    Settings nothing = Settings.from(Map.of());
    Settings defaults =
        Settings.from(
            checked().stream()
                .collect(Collectors.toMap(Setting::name, SettingsTableTest::shownDefault)));
    for (Setting<?> setting : checked()) {
      assertThat(setting.read(defaults)).as(setting.name()).isEqualTo(setting.read(nothing));
    }
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
    assertThatThrownBy(() -> checked().forEach(setting -> setting.read(settings)))
        .isInstanceOf(Settings.InvalidSetting.class)
        .hasMessageContaining(name)
        .hasMessageContaining(value);
  }

  private static List<Setting<?>> checked() {
    return CHECKS.stream().<Setting<?>>flatMap(check -> check.settings().stream()).toList();
  }

  private static Set<String> names() {
    return checked().stream().map(Setting::name).collect(Collectors.toSet());
  }

  /// The rows in the order of the page, which is the reader's: what belongs together stands
  /// together, whichever class reads it. A new row comes behind the one that is declared before it.
  private static String table(String page) {
    List<String> order =
        new ArrayList<>(ROW.matcher(page).results().map(row -> row.group(1)).toList());
    for (StartupCheck check : CHECKS) {
      int last = order.size() - 1;
      for (Setting<?> setting : check.settings()) {
        int at = order.indexOf(setting.name());
        if (at < 0) {
          at = last + 1;
          order.add(at, setting.name());
        }
        last = at;
      }
    }
    return checked().stream()
        .sorted(Comparator.comparingInt(setting -> order.indexOf(setting.name())))
        .map(Setting::row)
        .collect(Collectors.joining("\n", HEAD, "\n"));
  }

  private static String shownDefault(Setting<?> setting) {
    return setting.row().split("\\|")[2].strip().replace("`", "");
  }

  private static List<StartupCheck> startupChecks() {
    List<StartupCheck> checks = new ArrayList<>();
    for (Class<?> type : classes()) {
      for (Method method : type.getDeclaredMethods()) {
        if (method.getReturnType() == StartupCheck.class
            && method.isAnnotationPresent(Produces.class)) {
          checks.add(made(type, method));
        }
      }
    }
    checks.sort(Comparator.comparing(check -> check.settings().getFirst().name()));
    return checks;
  }

  private static StartupCheck made(Class<?> type, Method producer) {
    try {
      Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      producer.setAccessible(true);
      return (StartupCheck) producer.invoke(constructor.newInstance());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(producer + " can be called without a server", e);
    }
  }

  private static Object valueOf(Field constant) {
    try {
      constant.setAccessible(true);
      return constant.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  /// Every class of the service.
  private static List<Class<?>> classes() {
    try {
      Path root =
          Path.of(Setting.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (Stream<Path> files = Files.walk(root.resolve("io/soilhub/scalability"))) {
        List<Class<?>> all = new ArrayList<>();
        for (Path file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
          String name = root.relativize(file).toString().replace('/', '.');
          all.add(
              Class.forName(
                  name.substring(0, name.length() - ".class".length()),
                  false,
                  Setting.class.getClassLoader()));
        }
        return all;
      }
    } catch (ReflectiveOperationException | URISyntaxException | IOException e) {
      throw new AssertionError(e);
    }
  }
}
