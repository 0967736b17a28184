package io.soilhub.scalability.balancing.registry;

import io.soilhub.scalability.balancing.strategies.StrategyName;
import io.soilhub.scalability.platform.settings.FeatureFlags;
import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import java.util.List;
import java.util.Optional;

/// How this replica balances.
///
/// @param enabled ENABLE_LOAD_BALANCING
/// @param strategy LOAD_BALANCING_STRATEGY of services without a policy of their own
/// @param zone ZONE where this replica stands; empty when nowhere in particular
/// @param addresses INSTANCE_ALLOWED_CIDRS
public record BalancingSettings(
    boolean enabled, StrategyName strategy, String zone, AllowedAddresses addresses) {

  private static final Setting<StrategyName> STRATEGY =
      Setting.choice(
          "LOAD_BALANCING_STRATEGY",
          StrategyName.LEAST_RESPONSE_TIME,
          List.of(
              StrategyName.ROUND_ROBIN,
              StrategyName.WEIGHTED_ROUND_ROBIN,
              StrategyName.LEAST_CONNECTIONS,
              StrategyName.LEAST_RESPONSE_TIME,
              StrategyName.CONSISTENT_HASH),
          "strategy of services without a policy of their own");

  private static final Setting<List<String>> ALLOWED_CIDRS =
      Setting.list(
          "INSTANCE_ALLOWED_CIDRS",
          "127.0.0.0/8,::1/128,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7",
          "ranges with commas",
          "addresses that instances may have; never link-local and metadata ones");

  private static final Setting<Optional<String>> ZONE =
      Setting.optional("ZONE", "letters, digits, `.` `_` `-`", "where this replica stands");

  static final List<Setting<?>> ALL = List.of(STRATEGY, ALLOWED_CIDRS, ZONE);

  /// @throws Settings.InvalidSetting for a value that cannot be used
  public static BalancingSettings from(Settings settings) {
    String zone = ZONE.read(settings).orElse("");
    if (!zone.matches("[A-Za-z0-9._-]{0,64}")) {
      throw new Settings.InvalidSetting(
          ZONE.name(), zone, "at most 64 letters, digits, '.', '_' or '-'");
    }
    return new BalancingSettings(
        FeatureFlags.LOAD_BALANCING.read(settings),
        STRATEGY.read(settings),
        zone,
        AllowedAddresses.from(settings, ALLOWED_CIDRS));
  }
}
