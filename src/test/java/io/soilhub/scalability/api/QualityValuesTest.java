package io.soilhub.scalability.api;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.platform.core.Problem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QualityValuesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*/*",
        "application/json;charset=utf-8",
        "application/json;q=1, text/html ; q=0.5,*/*;q=0",
        "a/b;Q=1.000",
        "en;q=0.123 , de"
      })
  void numbersFromZeroToOneAreWeights(String value) {
    assertThatNoException().isThrownBy(() -> QualityValues.check("Accept", value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a/b;q=foo", "a/b;q=", "a/b;q=1.1", "a/b; q=0.1234", "a/b;q=-1", "a/b, c/d;q=NaN"})
  void nothingElseIs(String value) {
    assertThatThrownBy(() -> QualityValues.check("Accept", value)).isInstanceOf(Problem.class);
  }
}
