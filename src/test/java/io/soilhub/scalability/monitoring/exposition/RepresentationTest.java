package io.soilhub.scalability.monitoring.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepresentationTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                                    | JSON
          */*                                                   | JSON
          application/json                                      | JSON
          text/html,application/xhtml+xml,*/*;q=0.8             | JSON
          application/*                                         | JSON
          text/plain                                            | PROMETHEUS
          TEXT/Plain; Version=0.0.4                             | PROMETHEUS
          text/*                                                | PROMETHEUS
          text/plain, application/json;q=0.9                    | PROMETHEUS
          text/plain;q=0.5, application/json;q=0.9              | JSON
          application/openmetrics-text                          | OPENMETRICS
          application/openmetrics-text;version="1.0.0"          | OPENMETRICS
          application/openmetrics-text;version=0.0.1,text/plain;version=0.0.4;q=0.5 | PROMETHEUS
          text/plain;version=0.0.4;q=1,*/*;q=0.1                | PROMETHEUS
          application/json;q=0, */*                             | OPENMETRICS
          garbage, text/plain                                   | PROMETHEUS
          """)
  void itIsWhatTheHeaderAsksFor(String accept, Representation wanted) {
    assertThat(Representation.wanted(accept)).contains(wanted);
  }

  /// As sent by Prometheus 2.42 and 3.5.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1
          application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1
          """)
  void prometheusGetsOpenMetrics(String accept) {
    assertThat(Representation.wanted(accept)).contains(Representation.OPENMETRICS);
  }

  @Test
  void whatCannotBeGivenIsNotGiven() {
    assertThat(Representation.wanted("image/png")).isEmpty();
    assertThat(Representation.wanted("text/plain;version=1.0.0")).isEmpty();
    assertThat(Representation.wanted("text/plain;q=0")).isEmpty();
  }

  @Test
  void theAnswerNamesItsVersion() {
    assertThat(Representation.OPENMETRICS.contentType())
        .isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
    assertThat(Representation.JSON.contentType()).isEqualTo("application/json");
  }
}
