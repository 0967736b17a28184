package io.soilhub.scalability.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeySecretTest {

  @Property
  void whatIsShownIsReadBackAndMatchesItsHash(@ForAll long seed) {
    ApiKeySecret secret = ApiKeySecret.create(new UUID(seed, ~seed), new Random(seed));
    ApiKeySecret read = ApiKeySecret.parse(secret.text()).orElseThrow();
    assertThat(read).isEqualTo(secret);
    assertThat(read.matches(secret.hash())).isTrue();
  }

  @Property
  void anotherSecretOfTheSameKeyDoesNotMatch(@ForAll long one, @ForAll long other) {
    UUID id = new UUID(1, 2);
    boolean same =
        ApiKeySecret.create(id, new Random(one))
            .matches(ApiKeySecret.create(id, new Random(other)).hash());
    assertThat(same)
        .isEqualTo(
            ApiKeySecret.create(id, new Random(one))
                .equals(ApiKeySecret.create(id, new Random(other))));
  }

  @Test
  void holds256RandomBits() {
    ApiKeySecret secret = ApiKeySecret.create(new UUID(1, 2), new Random(1));
    assertThat(java.util.Base64.getUrlDecoder().decode(secret.secret())).hasSize(32);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "shk",
        "shk__",
        "xyz_0123456789abcdef0123456789abcdef_",
        "shk_0123_abc",
        "shk_0123456789ABCDEF0123456789ABCDEF_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void otherTextIsNoKey(String text) {
    assertThat(ApiKeySecret.parse(text)).isEmpty();
  }

  @Test
  void isNotPrintedByAccident() {
    ApiKeySecret secret = ApiKeySecret.create(new UUID(1, 2), new Random(1));
    assertThat(secret.toString()).doesNotContain(secret.secret());
  }
}
