package io.soilhub.scalability.balancing.registry;

import io.soilhub.scalability.balancing.strategies.StrategyName;
import io.soilhub.scalability.platform.settings.Settings;

/// How this replica balances.
///
/// @param enabled ENABLE_LOAD_BALANCING
/// @param strategy LOAD_BALANCING_STRATEGY of services without a policy of their own
/// @param zone ZONE where this replica stands; empty when nowhere in particular
/// @param addresses INSTANCE_ALLOWED_CIDRS
public record BalancingSettings(
    boolean enabled, StrategyName strategy, String zone, AllowedAddresses addresses) {

  /// @throws Settings.InvalidSetting for a value that cannot be used
  public static BalancingSettings from(Settings settings) {
    String zone = settings.text("ZONE", "");
    if (!zone.matches("[A-Za-z0-9._-]{0,64}")) {
      throw new Settings.InvalidSetting(
          "ZONE", zone, "at most 64 letters, digits, '.', '_' or '-'");
    }
    return new BalancingSettings(
        settings.flag("ENABLE_LOAD_BALANCING", true),
        settings.choice("LOAD_BALANCING_STRATEGY", StrategyName.LEAST_RESPONSE_TIME),
        zone,
        AllowedAddresses.from(settings, "INSTANCE_ALLOWED_CIDRS", AllowedAddresses.DEFAULT));
  }
}
