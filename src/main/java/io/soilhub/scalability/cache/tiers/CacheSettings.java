package io.soilhub.scalability.cache.tiers;

import static java.time.temporal.ChronoUnit.SECONDS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.cache.redis.RedisCacheSettings;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.settings.FeatureFlags;
import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.platform.settings.Settings.InvalidSetting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// How the cache behaves.
///
/// @param l1Bytes memory of the first level, all data types together
/// @param l1Ttl longest time that a replica remembers a value without looking at the second level
/// @param maxValueBytes longest value that is stored, before compression
/// @param deflateFrom shortest value that is compressed
/// @param ttl of puts over the API that name none
public record CacheSettings(
    boolean enabled,
    RedisCacheSettings coherence,
    long l1Bytes,
    Duration l1Ttl,
    int maxValueBytes,
    int deflateFrom,
    Duration ttl,
    Map<DataType, DataPolicy> policies) {

  private static final Setting<WriteStrategy> STRATEGY =
      Setting.choice(
          "CACHE_STRATEGY",
          WriteStrategy.CACHE_ASIDE,
          List.of(WriteStrategy.values()),
          "what a put does to the levels, unless CACHE_DATA_TYPES says otherwise");

  private static final Setting<Duration> TTL_DEFAULT =
      Setting.duration(
          "CACHE_TTL_DEFAULT", SECONDS, 3600, 1, 2_592_000, "seconds that a general value lives");

  private static final Setting<Optional<String>> DATA_TYPES =
      Setting.optional(
          "CACHE_DATA_TYPES",
          "JSON",
          "what differs for a data type, as {\"soil_data\":{\"ttl_seconds\":86400}}");

  private static final Setting<Integer> L1_MAX_MB =
      Setting.integer("CACHE_L1_MAX_MB", 64, 1, 100_000, "memory of one replica for cached values");

  private static final Setting<Duration> L1_TTL =
      Setting.duration(
          "CACHE_L1_TTL_SECONDS", SECONDS, 300, 1, 300, "longest time that a value stays there");

  private static final Setting<Integer> MAX_VALUE_BYTES =
      Setting.integer(
          "CACHE_MAX_VALUE_BYTES", 1 << 20, 1, Payload.LONGEST, "longest value that is cached");

  private static final Setting<Integer> DEFLATE_FROM_BYTES =
      Setting.integer(
          "CACHE_DEFLATE_FROM_BYTES",
          4096,
          64,
          Integer.MAX_VALUE,
          "shortest value that is compressed");

  public static final List<Setting<?>> ALL =
      Stream.concat(
              Stream.of(
                  STRATEGY,
                  TTL_DEFAULT,
                  DATA_TYPES,
                  L1_MAX_MB,
                  L1_TTL,
                  MAX_VALUE_BYTES,
                  DEFLATE_FROM_BYTES),
              RedisCacheSettings.ALL.stream())
          .toList();

  private static final Set<String> FIELDS =
      Set.of(
          "ttl_seconds",
          "l1_share",
          "strategy",
          "third_level",
          "stale_seconds",
          "soft_timeout_ms",
          "hard_timeout_ms",
          "negative_ttl_seconds",
          "servers");

  public CacheSettings {
    policies = Map.copyOf(policies);
  }

  public static CacheSettings from(Settings settings) {
    Duration ttl = TTL_DEFAULT.read(settings);
    WriteStrategy strategy = STRATEGY.read(settings);
    RedisCacheSettings coherence = RedisCacheSettings.from(settings);
    return new CacheSettings(
        FeatureFlags.DISTRIBUTED_CACHE.read(settings),
        coherence,
        L1_MAX_MB.read(settings) * 1024L * 1024L,
        L1_TTL.read(settings),
        MAX_VALUE_BYTES.read(settings),
        DEFLATE_FROM_BYTES.read(settings),
        ttl,
        policies(settings, strategy, ttl, coherence.servers().size()));
  }

  public DataPolicy policy(DataType type) {
    return policies.get(type);
  }

  /// What holds for a kind of data unless `CACHE_DATA_TYPES` says otherwise: what comes from far
  /// away and changes seldom lives long and may be given late, what belongs to a person does not.
  static Map<DataType, DataPolicy> defaults(WriteStrategy strategy, Duration ttl) {
    Map<DataType, DataPolicy> policies = new EnumMap<>(DataType.class);
    policies.put(DataType.VARIETY_DATA, policy(strategy, Duration.ofDays(1), 0.35, 3600));
    policies.put(DataType.SOIL_DATA, policy(strategy, Duration.ofDays(7), 0.10, 86_400));
    policies.put(DataType.CLIMATE_DATA, policy(strategy, Duration.ofHours(6), 0.10, 3600));
    policies.put(DataType.RECOMMENDATIONS, policy(strategy, Duration.ofHours(1), 0.20, 300));
    policies.put(DataType.USER_DATA, policy(strategy, Duration.ofMinutes(15), 0.05, 0));
    policies.put(DataType.GENERAL, policy(strategy, ttl, 0.20, 0));
    return policies;
  }

  private static DataPolicy policy(
      WriteStrategy strategy, Duration ttl, double l1Share, int staleSeconds) {
    return new DataPolicy(
        ttl,
        l1Share,
        strategy,
        true,
        Duration.ofSeconds(staleSeconds),
        Duration.ofMillis(500),
        Duration.ofSeconds(15),
        Duration.ofSeconds(30),
        List.of());
  }

  private static Map<DataType, DataPolicy> policies(
      Settings settings, WriteStrategy strategy, Duration ttl, int servers) {
    Map<DataType, DataPolicy> policies = defaults(strategy, ttl);
    DATA_TYPES
        .read(settings)
        .ifPresent(
            text -> {
              try {
                ObjectNode types = (ObjectNode) Json.parse(text);
                types
                    .properties()
                    .forEach(
                        named -> {
                          DataType type = DataType.of(named.getKey());
                          policies.put(
                              type, changed(policies.get(type), named.getValue(), servers));
                        });
              } catch (Problem | IllegalArgumentException | ClassCastException e) {
                throw new InvalidSetting(
                    DATA_TYPES.name(),
                    text,
                    "JSON of the form {\"soil_data\":{\"ttl_seconds\":86400}}, not with: "
                        + e.getMessage());
              }
            });
    double shares = policies.values().stream().mapToDouble(DataPolicy::l1Share).sum();
    if (shares > 1.000001) {
      throw new InvalidSetting(
          DATA_TYPES.name(),
          DATA_TYPES.read(settings).orElse(""),
          "of l1_shares that make at most 1 together");
    }
    return policies;
  }

  private static DataPolicy changed(DataPolicy policy, JsonNode with, int servers) {
    with.fieldNames()
        .forEachRemaining(
            field -> {
              if (!FIELDS.contains(field)) {
                throw new IllegalArgumentException("unknown field " + field);
              }
            });
    return new DataPolicy(
        seconds(with, "ttl_seconds", policy.ttl()),
        with.path("l1_share").asDouble(policy.l1Share()),
        with.has("strategy")
            ? WriteStrategy.valueOf(with.path("strategy").asText().toUpperCase(Locale.ROOT))
            : policy.strategy(),
        with.path("third_level").asBoolean(policy.thirdLevel()),
        seconds(with, "stale_seconds", policy.staleFor()),
        millis(with, "soft_timeout_ms", policy.softTimeout()),
        millis(with, "hard_timeout_ms", policy.hardTimeout()),
        seconds(with, "negative_ttl_seconds", policy.negativeTtl()),
        servers(with.path("servers"), servers));
  }

  private static List<Integer> servers(JsonNode numbers, int count) {
    List<Integer> servers = new ArrayList<>();
    for (JsonNode number : numbers) {
      if (!number.isInt() || number.asInt() < 0 || number.asInt() >= count) {
        throw new IllegalArgumentException(
            "servers are numbered from 0 to %d, not %s".formatted(count - 1, number));
      }
      servers.add(number.asInt());
    }
    return servers;
  }

  private static Duration seconds(JsonNode with, String field, Duration otherwise) {
    return with.has(field) ? Duration.ofSeconds(whole(with, field)) : otherwise;
  }

  private static Duration millis(JsonNode with, String field, Duration otherwise) {
    return with.has(field) ? Duration.ofMillis(whole(with, field)) : otherwise;
  }

  private static long whole(JsonNode with, String field) {
    if (!with.get(field).isIntegralNumber()) {
      throw new IllegalArgumentException(field + " is a whole number");
    }
    return with.get(field).asLong();
  }
}
