package io.soilhub.scalability.balancing.strategies;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import java.util.random.RandomGenerator;

/// The strategies by the names that clients use.
public enum StrategyName {
  @JsonProperty("round_robin")
  ROUND_ROBIN,
  @JsonProperty("least_connections")
  LEAST_CONNECTIONS,
  @JsonProperty("weighted_round_robin")
  WEIGHTED_ROUND_ROBIN,
  @JsonProperty("least_response_time")
  LEAST_RESPONSE_TIME,
  @JsonProperty("consistent_hash")
  CONSISTENT_HASH;

  /// @param random where lots are drawn from
  /// @param boundedLoad times its share of the load that consistent hashing lets a target have; 0
  ///   for no bound
  public Strategy create(RandomGenerator random, double boundedLoad) {
    return switch (this) {
      case ROUND_ROBIN -> new RoundRobin(false);
      case WEIGHTED_ROUND_ROBIN -> new RoundRobin(true);
      case LEAST_CONNECTIONS -> PowerOfTwoChoices.leastConnections(random);
      case LEAST_RESPONSE_TIME -> PowerOfTwoChoices.leastResponseTime(random);
      case CONSISTENT_HASH -> new ConsistentHash(boundedLoad);
    };
  }

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
