package io.soilhub.scalability.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PayloadTest {

  private static final Codec<String> TEXT = Codec.json(String.class);

  private final Payload payload = new Payload(10_000, 100);

  @Test
  void valuesNullsAndLongValuesComeBackAsTheyWere() {
    for (Optional<String> value :
        java.util.List.of(
            Optional.of("v"), Optional.<String>empty(), Optional.of("v".repeat(900)))) {
      assertThat(payload.decode(payload.encode(value, TEXT), TEXT)).isEqualTo(value);
    }
    assertThat(payload.encode(Optional.of("v".repeat(900)), TEXT)).hasSizeLessThan(100);
  }

  /// What was written by another version, or damaged, is no value and no failure of the caller.
  @Test
  void whateverACodecThrowsMakesTheBytesUnreadable() {
    byte[] bytes = payload.encode(Optional.of("v"), TEXT);
    Codec<String> broken =
        new Codec<>() {
          @Override
          public byte[] encode(String value) {
            return TEXT.encode(value);
          }

          @Override
          public String decode(byte[] bytes) {
            throw new ArrayIndexOutOfBoundsException(bytes.length);
          }
        };
    assertThatThrownBy(() -> payload.decode(bytes, broken))
        .isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(() -> payload.decode(Arrays.copyOf(bytes, 2), TEXT))
        .isInstanceOf(UncheckedIOException.class);
    for (byte[] damaged : new byte[][] {{}, {2}, {9, 9}}) {
      assertThatThrownBy(() -> payload.decode(damaged, TEXT))
          .isInstanceOf(UncheckedIOException.class);
    }
    byte[] packed = payload.encode(Optional.of("v".repeat(900)), TEXT);
    assertThatThrownBy(() -> payload.decode(Arrays.copyOf(packed, packed.length / 2), TEXT))
        .isInstanceOf(UncheckedIOException.class);
  }
}
