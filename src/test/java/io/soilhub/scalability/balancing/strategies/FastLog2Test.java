package io.soilhub.scalability.balancing.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class FastLog2Test {

  @Property
  void itIsThatOfTheLibraryWithinItsError(@ForAll long hash) {
    double u = new BigInteger(Long.toUnsignedString(hash | 1)).doubleValue() * 0x1.0p-64;
    assertThat(FastLog2.negative(hash)).isCloseTo(-Math.log(u) / Math.log(2), within(3e-6));
  }

  @Property
  void itNeverRises(@ForAll long one, @ForAll long other) {
    long less = Long.compareUnsigned(one, other) < 0 ? one : other;
    long more = less == one ? other : one;
    assertThat(FastLog2.negative(less)).isGreaterThanOrEqualTo(FastLog2.negative(more));
  }

  @Test
  void itsEndsAreFinite() {
    assertThat(FastLog2.negative(0)).isEqualTo(64);
    assertThat(FastLog2.negative(-1)).isBetween(0.0, 1e-15);
    assertThat(FastLog2.negative(Long.MIN_VALUE)).isEqualTo(1, within(1e-15));
  }
}
