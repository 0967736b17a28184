package io.soilhub.scalability.platform.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// The hashes are stored: they must stay what they are.
class Sha256Test {

  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void piecesAreHashedAsOne() {
    assertThat(Sha256.of("abc"))
        .isEqualTo(Sha256.of(bytes("ab"), bytes("c")))
        .asHexString()
        .isEqualToIgnoringCase(ABC);
  }

  @Test
  void theFingerprintOfOnePartIsItsHash() {
    assertThat(Sha256.fingerprint(bytes("abc"))).isEqualTo(ABC);
  }

  @Test
  void inTheFingerprintOfSeveralPartsTheirLengthsCount() {
    assertThat(Sha256.fingerprint(bytes("ab"), bytes("c")))
        .isEqualTo("430fb1b4ac43316eca81fab27a1930ab8eff8fef6a1dc7903dce44bbc2790dc5")
        .isNotEqualTo(Sha256.fingerprint(bytes("a"), bytes("bc")));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
