package io.soilhub.scalability.platform.outbound;

import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A range of IP addresses (RFC 4632, RFC 4291): those whose first bits are the prefix.
///
/// @param network of the prefix; its other bits do not count
/// @param bits length of the prefix, 0 to 32 or 128
public record Cidr(InetAddress network, int bits) {

  private static final Pattern FORM =
      Pattern.compile("(\\d+\\.\\d+\\.\\d+\\.\\d+|[0-9A-Fa-f.]*:[0-9A-Fa-f.:]*)/(\\d{1,3})");

  /// @throws IllegalArgumentException for more bits than the address has
  public Cidr {
    if (bits < 0 || bits > network.getAddress().length * Byte.SIZE) {
      throw new IllegalArgumentException("a prefix of %d bits".formatted(bits));
    }
  }

  /// @param text for example `10.0.0.0/8` or `fd00::/8`
  /// @throws IllegalArgumentException for any other text
  public static Cidr of(String text) {
    Matcher match = FORM.matcher(text);
    if (!match.matches()) {
      throw new IllegalArgumentException("no range of addresses: " + text);
    }
    return new Cidr(InetAddress.ofLiteral(match.group(1)), Integer.parseInt(match.group(2)));
  }

  /// Never for an address of the other family.
  public boolean contains(InetAddress address) {
    byte[] prefix = network.getAddress();
    byte[] bytes = address.getAddress();
    if (bytes.length != prefix.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit & 7);
      if ((bytes[bit >> 3] & mask) != (prefix[bit >> 3] & mask)) {
        return false;
      }
    }
    return true;
  }
}
