package io.soilhub.scalability.platform.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {

  private static final InetAddress OWN = InetAddress.ofLiteral("8.8.4.4");
  private static final AddressPolicy PUBLIC = AddressPolicy.publicOnly(OWN::equals);

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, a loopback address",
    "127.8.9.10, a loopback address",
    "::1, a loopback address",
    "10.1.2.3, a private address",
    "192.168.0.1, a private address",
    "172.16.9.9, a private address",
    "172.31.255.255, a private address",
    "fd00::1, a private address",
    "fec0::1, a private address",
    "::ffff:10.0.0.1, a private address",
    "169.254.1.1, a link-local address",
    "169.254.169.254, a link-local address",
    "fe80::1, a link-local address",
    "100.64.0.1, an address of a carrier's NAT",
    "0.0.0.0, an unspecified address",
    "0.1.2.3, an unspecified address",
    "::, an unspecified address",
    "224.0.0.1, a multicast address",
    "ff02::1, a multicast address",
    "255.255.255.255, the broadcast address",
    "168.63.129.16, Azure's wire server",
    "100.100.100.200, Alibaba's metadata",
    "192.0.0.192, Oracle's metadata",
    "fd00:ec2::254, AWS' metadata",
    "192.0.2.1, an address for documentation",
    "198.51.100.7, an address for documentation",
    "203.0.113.255, an address for documentation",
    "2001:db8::1, an address for documentation",
    "3fff::1, an address for documentation",
    "192.0.0.1, an address of a protocol",
    "192.88.99.1, an address of a protocol",
    "2001::1, an address of a protocol",
    "198.19.0.1, an address for benchmarks",
    "240.0.0.1, a reserved address",
    "::127.0.0.1, a reserved address",
    "100::1, a reserved address",
    "4000::1, a reserved address",
    "64:ff9b::10.0.0.1, a private address",
    "64:ff9b::169.254.169.254, a link-local address",
    "64:ff9b::168.63.129.16, Azure's wire server",
    "64:ff9b:1::8.8.8.8, a reserved address",
    "2002:7f00:1::, a loopback address",
    "2002:a83f:8110::1, Azure's wire server",
    "8.8.4.4, an address of this machine",
    "64:ff9b::808:404, an address of this machine",
    "2002:808:404::1, an address of this machine"
  })
  void whatIsNotPublicIsRefused(String address, String what) {
    assertThat(PUBLIC.refusal(InetAddress.ofLiteral(address))).contains(what);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "198.20.0.1",
        "168.63.129.17",
        "2001:4860:4860::8888",
        "2606:4700::1111",
        "64:ff9b::8.8.8.8",
        "2002:808:808::1"
      })
  void whatIsPublicIsAllowed(String address) {
    assertThat(PUBLIC.refusal(InetAddress.ofLiteral(address))).isEmpty();
  }

  /// Whatever its interfaces are.
  @Test
  void noAddressOfThisMachineIsCalled() throws SocketException {
    assertThat(NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses))
        .isNotEmpty()
        .allSatisfy(own -> assertThat(AddressPolicy.PUBLIC.refusal(own)).isPresent());
  }

  /// IPv6 is public nowhere but in 2000::/3 and behind NAT64.
  @Property
  void nothingElseOfSixIsPublic(@ForAll @Size(16) byte[] bytes) throws Exception {
    InetAddress address = InetAddress.getByAddress(bytes);
    boolean global = (bytes[0] & 0xE0) == 0x20 || Cidr.of("64:ff9b::/96").contains(address);
    if (bytes.length == address.getAddress().length && !global) {
      assertThat(PUBLIC.refusal(address)).isPresent();
    }
  }

  @Property
  void aRangeIsItsFirstBits(@ForAll @Size(4) byte[] bytes, @ForAll @IntRange(max = 32) int bits)
      throws Exception {
    InetAddress address = InetAddress.getByAddress(bytes);
    Cidr range = new Cidr(address, bits);
    assertThat(range.contains(address)).isTrue();
    for (int bit = 0; bit < 32; bit++) {
      byte[] other = bytes.clone();
      other[bit / 8] ^= (byte) (0x80 >> bit % 8);
      assertThat(range.contains(InetAddress.getByAddress(other))).isEqualTo(bit >= bits);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0", "10.0.0.0/33", "10.0.0/8", "x/8", "::/129", "10.0.0.0/-1"})
  void whatIsNoRangeIsRefused(String text) {
    assertThatThrownBy(() -> Cidr.of(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
