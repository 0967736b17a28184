package io.soilhub.scalability.balancing;

import io.soilhub.scalability.platform.Problem;
import io.soilhub.scalability.platform.Settings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Which addresses instances may have, after their names are resolved. Asked at registration and
/// again at every connect, so that a name that changes its meaning later leads nowhere else.
/// Addresses that serve a machine's own secrets are never allowed: link-local ones and the clouds'
/// metadata, nor are IPv6 addresses that a translator turns into one of those (NAT64 of RFC 6052,
/// 6to4 of RFC 3056).
public final class AllowedAddresses {

  /// A range of addresses.
  private record Cidr(byte[] prefix, int bits) {

    boolean holds(byte[] address) {
      if (address.length != prefix.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit & 7);
        if ((address[bit >> 3] & mask) != (prefix[bit >> 3] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  public static final String DEFAULT =
      "127.0.0.0/8,::1/128,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7";

  private static final Pattern FORM =
      Pattern.compile("(\\d+\\.\\d+\\.\\d+\\.\\d+|[0-9A-Fa-f.]*:[0-9A-Fa-f.:]*)/(\\d{1,3})");

  /// Of AWS, Google, Oracle, Scaleway and Alibaba; what most share is link-local.
  private static final List<Cidr> METADATA =
      Stream.of(
              "169.254.0.0/16",
              "100.100.100.200/32",
              "192.0.0.192/32",
              "fd00:ec2::/32",
              "fd20:ce::/32",
              "fd00:c1::a9fe:a9fe/128",
              "fd00:42::42/128")
          .map(text -> cidr("METADATA", text))
          .toList();

  private static final Cidr NAT64 = cidr("NAT64", "64:ff9b::/96");
  private static final Cidr SIX_TO_FOUR = cidr("SIX_TO_FOUR", "2002::/16");

  private final List<Cidr> ranges;

  private AllowedAddresses(List<Cidr> ranges) {
    this.ranges = List.copyOf(ranges);
  }

  /// The ranges that a variable names.
  ///
  /// @throws Settings.InvalidSetting when one is not a range
  public static AllowedAddresses from(Settings settings, String variable, String initial) {
    return new AllowedAddresses(
        settings.list(variable, initial).stream().map(text -> cidr(variable, text)).toList());
  }

  public boolean allows(InetAddress address) {
    return !isNever(address) && ranges.stream().anyMatch(r -> r.holds(address.getAddress()));
  }

  /// The addresses of a host, all of which must be allowed. Waits for the name server.
  ///
  /// @throws UnknownHostException for a name that leads nowhere or to a forbidden address
  public InetAddress[] resolve(String host) throws UnknownHostException {
    InetAddress[] all = InetAddress.getAllByName(host);
    if (!Arrays.stream(all).allMatch(this::allows)) {
      throw new UnknownHostException("an address of the host is not allowed");
    }
    return all;
  }

  /// Refuses what [#resolve] would refuse, in words for the caller.
  ///
  /// @throws Problem of kind INVALID
  void check(String host) {
    InetAddress[] all;
    try {
      all = InetAddress.getAllByName(host);
    } catch (UnknownHostException _) {
      throw Problem.invalid("/host", "host cannot be resolved");
    }
    if (!Arrays.stream(all).allMatch(this::allows)) {
      throw Problem.invalid(
          "/host", "host has an address outside of the allowed ranges (INSTANCE_ALLOWED_CIDRS)");
    }
  }

  private static boolean isNever(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address.isLinkLocalAddress()
        || address.isMulticastAddress()
        || address.isAnyLocalAddress()
        || METADATA.stream().anyMatch(range -> range.holds(bytes))
        || (NAT64.holds(bytes) && isNever(embedded(bytes, 12)))
        || (SIX_TO_FOUR.holds(bytes) && isNever(embedded(bytes, 2)));
  }

  private static InetAddress embedded(byte[] address, int from) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(address, from, from + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Cidr cidr(String variable, String text) {
    var match = FORM.matcher(text);
    if (match.matches()) {
      try {
        byte[] prefix = InetAddress.ofLiteral(match.group(1)).getAddress();
        int bits = Integer.parseInt(match.group(2));
        if (bits <= prefix.length * 8) {
          return new Cidr(prefix, bits);
        }
      } catch (IllegalArgumentException _) {
        // said below
      }
    }
    throw new Settings.InvalidSetting(variable, text, "ranges like 10.0.0.0/8 with commas between");
  }
}
