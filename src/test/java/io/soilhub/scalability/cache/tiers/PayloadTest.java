package io.soilhub.scalability.cache.tiers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.platform.core.Problem;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
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

  @Test
  void theLengthIsThatOfTheValueHoweverWellItIsCompressed() {
    for (int length : new int[] {0, 1, 97, 98, 5000}) {
      byte[] packed = payload.encode(Optional.of("v".repeat(length)), TEXT);
      assertThat(Payload.length(packed)).isEqualTo(length + 2);
    }
    assertThat(Payload.length(payload.encode(Optional.empty(), TEXT))).isZero();
  }

  @Test
  void aValueAboveThisReplicasLimitIsReadAndNotStored() {
    Optional<String> large = Optional.of("v".repeat(900));
    byte[] packed = payload.encode(large, TEXT);
    Payload lower = new Payload(100, 100);

    assertThat(lower.decode(packed, TEXT)).isEqualTo(large);
    assertThatThrownBy(() -> lower.encode(large, TEXT)).isInstanceOf(Problem.class);
  }

  @Test
  void aLengthThatNoCompressionComesToIsNotBelieved() {
    byte[] packed = payload.encode(Optional.of("v".repeat(900)), TEXT);
    ByteBuffer.wrap(packed).putInt(1, Payload.LONGEST);

    assertThatThrownBy(() -> payload.decode(packed, TEXT)).isInstanceOf(UncheckedIOException.class);
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
