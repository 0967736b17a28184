package io.soilhub.scalability.platform.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The addresses that are not an ordinary host of the internet: IANA's registries of
/// special-purpose addresses (RFC 6890) and the fixed addresses of clouds. The one list for
/// everything that connects to an address it was given.
///
/// An IPv6 address that a translator turns into an IPv4 address is judged by that one as well:
/// NAT64 (RFC 6052, RFC 8215) and 6to4 (RFC 3056). The mapped form needs no rule, Java makes it an
/// IPv4 address.
final class SpecialAddresses {

  private record Range(Cidr cidr, String what) {}

  private record Translation(Cidr cidr, int at) {}

  /// What serves a machine's own secrets, and what is the address of no one host.
  private static final List<Range> NEVER =
      List.of(
          range("169.254.0.0/16", "a link-local address"),
          range("fe80::/10", "a link-local address"),
          range("168.63.129.16/32", "Azure's wire server"),
          range("100.100.100.200/32", "Alibaba's metadata"),
          range("192.0.0.192/32", "Oracle's metadata"),
          range("fd00:ec2::/32", "AWS' metadata"),
          range("fd20:ce::/32", "Google's metadata"),
          range("fd00:c1::a9fe:a9fe/128", "Oracle's metadata"),
          range("fd00:42::42/128", "Scaleway's metadata"),
          range("0.0.0.0/8", "an unspecified address"),
          range("::/128", "an unspecified address"),
          range("224.0.0.0/4", "a multicast address"),
          range("ff00::/8", "a multicast address"),
          range("255.255.255.255/32", "the broadcast address"));

  private static final List<Range> NOT_PUBLIC =
      List.of(
          range("127.0.0.0/8", "a loopback address"),
          range("::1/128", "a loopback address"),
          range("10.0.0.0/8", "a private address"),
          range("172.16.0.0/12", "a private address"),
          range("192.168.0.0/16", "a private address"),
          range("fc00::/7", "a private address"),
          range("fec0::/10", "a private address"),
          range("100.64.0.0/10", "an address of a carrier's NAT"),
          range("192.0.2.0/24", "an address for documentation"),
          range("198.51.100.0/24", "an address for documentation"),
          range("203.0.113.0/24", "an address for documentation"),
          range("2001:db8::/32", "an address for documentation"),
          range("3fff::/20", "an address for documentation"),
          range("192.0.0.0/24", "an address of a protocol"),
          range("192.88.99.0/24", "an address of a protocol"),
          range("2001::/23", "an address of a protocol"),
          range("198.18.0.0/15", "an address for benchmarks"),
          range("240.0.0.0/4", "a reserved address"));

  private static final List<Translation> TRANSLATIONS =
      List.of(
          new Translation(Cidr.of("64:ff9b::/96"), 12),
          new Translation(Cidr.of("64:ff9b:1::/48"), 12),
          new Translation(Cidr.of("2002::/16"), 2));

  /// All that is assigned of IPv6 for hosts; and what NAT64 makes of IPv4 for those that have no
  /// other.
  private static final List<Cidr> GLOBAL =
      List.of(Cidr.of("0.0.0.0/0"), Cidr.of("2000::/3"), Cidr.of("64:ff9b::/96"));

  private SpecialAddresses() {}

  /// What the address is, when nobody may be sent there whatever is configured.
  static Optional<String> never(InetAddress address) {
    return first(NEVER, address).or(() -> translated(address, SpecialAddresses::never));
  }

  /// What the address is, when it is no public one.
  static Optional<String> notPublic(InetAddress address) {
    return first(NEVER, address)
        .or(() -> first(NOT_PUBLIC, address))
        .or(() -> translated(address, SpecialAddresses::notPublic))
        .or(
            () ->
                GLOBAL.stream().anyMatch(range -> range.contains(address))
                    ? Optional.empty()
                    : Optional.of("a reserved address"));
  }

  /// What `judge` says of the IPv4 address that this one stands for; empty when it is none such.
  static Optional<String> translated(
      InetAddress address, Function<InetAddress, Optional<String>> judge) {
    return TRANSLATIONS.stream()
        .filter(translation -> translation.cidr.contains(address))
        .flatMap(translation -> judge.apply(embedded(address, translation.at)).stream())
        .findFirst();
  }

  private static Optional<String> first(List<Range> ranges, InetAddress address) {
    return ranges.stream()
        .filter(range -> range.cidr.contains(address))
        .map(Range::what)
        .findFirst();
  }

  private static InetAddress embedded(InetAddress address, int at) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(address.getAddress(), at, at + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Range range(String cidr, String what) {
    return new Range(Cidr.of(cidr), what);
  }
}
