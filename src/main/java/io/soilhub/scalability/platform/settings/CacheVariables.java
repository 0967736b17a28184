package io.soilhub.scalability.platform.settings;

import static io.soilhub.scalability.platform.settings.Variable.flag;
import static io.soilhub.scalability.platform.settings.Variable.text;
import static io.soilhub.scalability.platform.settings.Variable.whole;
import static io.soilhub.scalability.platform.settings.Variable.words;

import java.util.List;

/// Those of the cache.
final class CacheVariables {

  static final List<Variable> ALL =
      List.of(
          flag("ENABLE_DISTRIBUTED_CACHE", "true", "the cache; without it nothing is remembered"),
          words(
              "CACHE_STRATEGY",
              List.of("cache_aside", "write_through", "write_behind", "write_around"),
              "cache_aside",
              "what a put does to the levels, unless CACHE_DATA_TYPES says otherwise"),
          whole("CACHE_TTL_DEFAULT", 1, 2_592_000, "3600", "seconds that a general value lives"),
          text(
              "CACHE_DATA_TYPES",
              "JSON",
              "",
              "what differs for a data type, as {\"soil_data\":{\"ttl_seconds\":86400}}"),
          text(
              "CACHE_REDIS_URLS",
              "URLs as in REDIS_URL, with commas",
              "",
              "servers that the cache is spread over, always in this order; without it REDIS_URL"),
          whole(
              "CACHE_STALENESS_BOUND_MS",
              100,
              60_000,
              "1000",
              "oldest that a value from memory may be"),
          whole("CACHE_LEASE_MS", 100, 300_000, "10000", "how long one load keeps others away"),
          whole("CACHE_LOG_LENGTH", 100, 1_000_000, "10000", "changes that a replica may miss"),
          whole("CACHE_L1_MAX_MB", 1, 100_000, "64", "memory of one replica for cached values"),
          whole("CACHE_L1_TTL_SECONDS", 1, 300, "300", "longest time that a value stays there"),
          whole("CACHE_MAX_VALUE_BYTES", 1, 100 << 20, "1048576", "longest value that is cached"),
          whole(
              "CACHE_DEFLATE_FROM_BYTES",
              64,
              Integer.MAX_VALUE,
              "4096",
              "shortest value that is compressed"));

  private CacheVariables() {}
}
