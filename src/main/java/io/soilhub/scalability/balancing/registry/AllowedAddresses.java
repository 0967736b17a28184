package io.soilhub.scalability.balancing.registry;

import io.soilhub.scalability.platform.outbound.AddressPolicy;
import io.soilhub.scalability.platform.outbound.Cidr;
import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// Ranges of addresses that a variable names, for instance those that instances may have. Asked at
/// registration and again at every connect, so that a name that changes its meaning later leads
/// nowhere else. What serves a machine's own secrets is never allowed.
public final class AllowedAddresses implements AddressPolicy {

  private final String variable;
  private final List<Cidr> ranges;

  private AllowedAddresses(String variable, List<Cidr> ranges) {
    this.variable = variable;
    this.ranges = List.copyOf(ranges);
  }

  /// The ranges that a setting names.
  ///
  /// @throws Settings.InvalidSetting when one is not a range
  public static AllowedAddresses from(Settings settings, Setting<List<String>> ranges) {
    return new AllowedAddresses(
        ranges.name(),
        ranges.read(settings).stream().map(text -> cidr(ranges.name(), text)).toList());
  }

  public boolean allows(InetAddress address) {
    return refusal(address).isEmpty();
  }

  @Override
  public Optional<String> refusal(InetAddress address) {
    return NO_METADATA
        .refusal(address)
        .or(
            () ->
                ranges.stream().anyMatch(range -> range.contains(address))
                    ? Optional.empty()
                    : Optional.of("outside of " + variable));
  }

  private static Cidr cidr(String variable, String text) {
    try {
      return Cidr.of(text);
    } catch (IllegalArgumentException _) {
      throw new Settings.InvalidSetting(
          variable, text, "ranges like 10.0.0.0/8 with commas between");
    }
  }
}
