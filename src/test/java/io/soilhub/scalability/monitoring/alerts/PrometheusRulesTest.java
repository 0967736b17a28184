package io.soilhub.scalability.monitoring.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The files for Prometheus and Alertmanager are those that the default rules make.
class PrometheusRulesTest {

  static final Path FOLDER = Path.of("k8s/monitoring");

  @ParameterizedTest
  @MethodSource("files")
  void theFileIsWhatTheDefaultRulesMake(String name, String made) throws IOException {
    Path file = FOLDER.resolve(name);
    if (System.getProperty("rules.write") != null) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, made);
    }
    assertThat(file)
        .as("renew it with mvn test -Dtest=PrometheusRulesTest -Drules.write")
        .hasContent(made);
  }

  static List<Arguments> files() {
    return List.of(
        Arguments.of("soilhub-rules.yaml", PrometheusRules.ruleFile(AlertRules.DEFAULTS)),
        Arguments.of("soilhub-rules-test.yaml", tests()),
        Arguments.of("alertmanager.yaml", PrometheusRules.alertmanager(AlertRules.DEFAULTS)));
  }

  private static String tests() {
    String head = PrometheusRules.HEAD + "rule_files: [soilhub-rules.yaml]\n";
    return AlertRules.DEFAULTS.rules().stream()
        .map(rule -> AlertTimeline.of(rule).promtoolTest())
        .collect(Collectors.joining("", head + "evaluation_interval: 15s\ntests:\n", ""));
  }
}
