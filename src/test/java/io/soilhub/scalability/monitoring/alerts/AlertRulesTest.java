package io.soilhub.scalability.monitoring.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.soilhub.scalability.monitoring.alerts.AlertSignal.Kind;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlertRulesTest {

  @Test
  void rulesAreTheSameAfterAWayThroughJson() throws JsonProcessingException {
    String json = Json.write(AlertRules.DEFAULTS);
    assertThat(json).contains("\"signal\":\"cpu_ratio\"", "\"for_seconds\":120");
    assertThat(Json.mapper().readValue(json, AlertRules.class)).isEqualTo(AlertRules.DEFAULTS);
  }

  @Test
  void whatIsLeftOutHasItsDefault() throws JsonProcessingException {
    String json = "{\"name\":\"x\",\"signal\":\"cpu_ratio\",\"threshold\":0.5}";
    AlertRule rule = Json.mapper().readValue(json, AlertRule.class);
    assertThat(rule).isEqualTo(AlertRule.of("x", AlertSignal.of(Kind.CPU_RATIO), 0.5));
    assertThat(rule.clearThreshold()).isEqualTo(0.5);
    assertThat(rule.windowSeconds()).isEqualTo(300);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "queue_backlog",
        "metric:harvest_queue",
        "metric:harvest_seconds:p95",
        "operation:/api/{id}:error_ratio",
        "operation:jobs.run:p99"
      })
  void signalsAreTheSameAfterAWayThroughText(String text) {
    assertThat(AlertSignal.of(text).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "cpu", "CPU_RATIO", "metric", "cpu_ratio:x", "operation:x", "metric:x:p12"})
  void whatIsNoSignalIsRefused(String text) {
    assertThatThrownBy(() -> AlertSignal.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("must ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                                                      | /name",
        "{\"name\":\"X\",\"signal\":\"cpu_ratio\",\"threshold\":1}               | /name",
        "{\"name\":\"x\",\"threshold\":1}                                        | /signal",
        "{\"name\":\"x\",\"signal\":\"cpu_ratio\"}                               | /threshold",
        "{\"name\":\"x\",\"signal\":\"cpu_ratio\",\"threshold\":1,\"clear_threshold\":2}"
            + " | /clear_threshold",
        "{\"name\":\"x\",\"signal\":\"cpu_ratio\",\"threshold\":1,\"for_seconds\":-1}"
            + " | /for_seconds",
        "{\"name\":\"x\",\"signal\":\"cpu_ratio\",\"threshold\":1,\"window_seconds\":9}"
            + " | /window_seconds",
        "{\"name\":\"x\",\"signal\":\"cpu_ratio\",\"threshold\":1,\"group_by\":[\"a b\"]}"
            + " | /group_by/0",
        "{\"name\":\"x\",\"signal\":\"cpu_ratio\",\"threshold\":1,\"where\":{\"a\":\"\"}}"
            + " | /where/a",
      })
  void badRulesAreNamed(String json, String pointer) {
    assertThatThrownBy(() -> Json.mapper().readValue(json, AlertRule.class))
        .isInstanceOfSatisfying(
            ValueInstantiationException.class,
            e ->
                assertThat(((Problem) e.getCause()).violations())
                    .extracting(Problem.Violation::pointer)
                    .contains(pointer));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                | /rules",
        "{\"rules\":null}   | /rules",
        "{\"rules\":[null]} | /rules/0",
      })
  void rulesThatWereForgottenEraseNone(String json, String pointer) {
    assertThatThrownBy(() -> Json.mapper().readValue(json, AlertRules.class))
        .isInstanceOfSatisfying(
            ValueInstantiationException.class,
            e ->
                assertThat(((Problem) e.getCause()).violations())
                    .extracting(Problem.Violation::pointer)
                    .containsExactly(pointer));
  }

  @Test
  void noRulesAtAllCanBeSaid() throws JsonProcessingException {
    assertThat(Json.mapper().readValue("{\"rules\":[]}", AlertRules.class).rules()).isEmpty();
  }

  @Test
  void aRuleOfWhatNothingMeasuresIsShownAsInactive() throws JsonProcessingException {
    AlertRule breakers = AlertRules.DEFAULTS.named("breaker-open").orElseThrow();
    assertThat(Json.write(breakers)).contains("\"state\":\"inactive\"");
    assertThat(AlertRules.DEFAULTS.rules())
        .filteredOn(rule -> rule.state() == AlertRule.RuleStateFilter.INACTIVE)
        .containsExactly(breakers);
    String brought = Json.write(breakers).replace("inactive", "active");
    assertThat(Json.mapper().readValue(brought, AlertRule.class)).isEqualTo(breakers);
  }

  @Test
  void theErrorRatioOfACustomMetricIsRefusedWhenBroughtAndReadWhenStored() {
    AlertRules stored =
        new AlertRules(List.of(AlertRule.of("x", AlertSignal.of("metric:m:error_ratio"), 0.5)));
    assertThatThrownBy(stored::requireReadable)
        .isInstanceOfSatisfying(
            Problem.class,
            p ->
                assertThat(p.violations())
                    .extracting(Problem.Violation::pointer)
                    .containsExactly("/rules/0/signal"));
    new AlertRules(List.of(AlertRule.of("x", AlertSignal.of("operation:o:error_ratio"), 0.5)))
        .requireReadable();
  }

  @Test
  void aNameIsGivenOnce() {
    assertRefused(List.of(inhibiting("a"), inhibiting("a")), "/rules/1/name");
  }

  @Test
  void inhibitionNamesRulesThatExist() {
    assertRefused(List.of(inhibiting("a", "b")), "/rules/0/inhibits");
  }

  @Test
  void inhibitionDoesNotGoInACircle() {
    assertRefused(List.of(inhibiting("a", "a")), "/rules/0/inhibits");
    assertRefused(
        List.of(inhibiting("a", "b"), inhibiting("b", "c"), inhibiting("c", "a")),
        "/rules/1/inhibits");
    assertThat(
            new AlertRules(
                List.of(inhibiting("a", "b", "c"), inhibiting("b", "c"), inhibiting("c"))))
        .isNotNull();
  }

  private static void assertRefused(List<AlertRule> rules, String pointer) {
    assertThatThrownBy(() -> new AlertRules(rules))
        .isInstanceOfSatisfying(
            Problem.class,
            p ->
                assertThat(p.violations())
                    .extracting(Problem.Violation::pointer)
                    .contains(pointer));
  }

  private static AlertRule inhibiting(String name, String... others) {
    String inhibits =
        others.length == 0 ? "" : "{'rules':['%s']}".formatted(String.join("','", others));
    return RuleText.rule(
        "{'name':'%s','signal':'cpu_ratio','threshold':0.5,'inhibits':[%s]}"
            .formatted(name, inhibits));
  }
}
