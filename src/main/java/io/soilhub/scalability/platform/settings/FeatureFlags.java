package io.soilhub.scalability.platform.settings;

import java.util.List;

/// The switches of whole features. A feature reads its own, and /status shows all of them.
public final class FeatureFlags {

  public static final Setting<Boolean> ASYNC_PROCESSING =
      Setting.flag("ENABLE_ASYNC_PROCESSING", true, "background jobs");

  public static final Setting<Boolean> LOAD_BALANCING =
      Setting.flag("ENABLE_LOAD_BALANCING", true, "registry of instances and gateway");

  public static final Setting<Boolean> AUTO_SCALING =
      Setting.flag("ENABLE_AUTO_SCALING", true, "shown on /status");

  public static final Setting<Boolean> CAPACITY_PLANNING =
      Setting.flag("ENABLE_CAPACITY_PLANNING", true, "shown on /status");

  public static final Setting<Boolean> FAULT_TOLERANCE =
      Setting.flag("ENABLE_FAULT_TOLERANCE", true, "shown on /status");

  public static final Setting<Boolean> DISTRIBUTED_CACHE =
      Setting.flag("ENABLE_DISTRIBUTED_CACHE", true, "the cache; without it nothing is remembered");

  public static final List<Setting<?>> ALL =
      List.of(
          ASYNC_PROCESSING,
          LOAD_BALANCING,
          AUTO_SCALING,
          CAPACITY_PLANNING,
          FAULT_TOLERANCE,
          DISTRIBUTED_CACHE);

  private FeatureFlags() {}
}
