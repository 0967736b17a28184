package io.soilhub.scalability.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.soilhub.scalability.access.ApiKeysResource.NewKey;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Problem.Violation;
import io.soilhub.scalability.platform.http.RequiresRole.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeysResourceTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 3650})
  void aKeyHasANameARoleAndALife(int days) {
    assertThatCode(() -> new NewKey("a".repeat(100), Role.VIEWER, days)).doesNotThrowAnyException();
    assertThatCode(() -> new NewKey("a", Role.ADMIN, null)).doesNotThrowAnyException();
  }

  @Test
  void everythingThatIsMissingIsSaidAtOnce() {
    Problem problem = refused(null, null, 0);

    assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID);
    assertThat(problem.violations())
        .containsExactly(
            new Violation("/expires_in_days", "must be greater than or equal to 1"),
            new Violation("/name", "must not be null"),
            new Violation("/role", "must not be null"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 101})
  void aNameHasABoundedLength(int length) {
    assertThat(refused("a".repeat(length), Role.VIEWER, null).violations())
        .containsExactly(new Violation("/name", "size must be between 1 and 100"));
  }

  @ParameterizedTest
  @CsvSource({"-1, must be greater than or equal to 1", "3651, must be less than or equal to 3650"})
  void aLifeHasABoundedLength(int days, String detail) {
    assertThat(refused("a", Role.VIEWER, days).violations())
        .containsExactly(new Violation("/expires_in_days", detail));
  }

  private static Problem refused(String name, Role role, Integer days) {
    return catchThrowableOfType(Problem.class, () -> new NewKey(name, role, days));
  }
}
