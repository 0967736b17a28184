package io.soilhub.scalability.monitoring.anomalies;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.SplittableRandom;

/// Requests of a service with a day and a week: quiet at night, busiest at two in the afternoon,
/// less at the weekend. The same seed gives the same requests.
final class Traffic {

  /// Monday.
  static final Instant BEGIN = Instant.parse("2026-01-05T00:00:00Z");

  static final Duration STEP = Duration.ofMinutes(5);
  static final int DAY = 288;
  static final int WEEK = 7 * DAY;

  enum Chance {
    /// The expected number itself.
    NONE,
    /// Independent events.
    POISSON,
    /// Events whose rate itself varies by a fifth.
    BURSTY,
    /// Ratios after Student's t with three degrees of freedom: now and then the double or the half.
    HEAVY
  }

  private final double busiest;
  private final Chance chance;
  private final SplittableRandom random;

  Traffic(double busiest, Chance chance, long seed) {
    this.busiest = busiest;
    this.chance = chance;
    this.random = new SplittableRandom(seed);
  }

  static Instant at(int i) {
    return BEGIN.plus(STEP.multipliedBy(i));
  }

  double expected(int i) {
    ZonedDateTime time = at(i).atZone(ZoneOffset.UTC);
    double hour = time.getHour() + time.getMinute() / 60.0;
    double day = 0.52 + 0.48 * Math.cos((hour - 14) / 24 * 2 * Math.PI);
    return busiest * day * (time.getDayOfWeek().getValue() > 5 ? 0.5 : 1);
  }

  double requests(int i) {
    double mean = expected(i);
    return switch (chance) {
      case NONE -> mean;
      case POISSON -> poisson(mean);
      case BURSTY -> poisson(mean * Math.exp(0.2 * random.nextGaussian()));
      case HEAVY -> Math.rint(mean * Math.exp(0.1 * student()));
    };
  }

  private double student() {
    double squares = 0;
    for (int i = 0; i < 3; i++) {
      double normal = random.nextGaussian();
      squares += normal * normal;
    }
    return random.nextGaussian() / Math.sqrt(squares / 3);
  }

  private double poisson(double mean) {
    if (mean > 50) {
      return Math.max(0, Math.rint(mean + Math.sqrt(mean) * random.nextGaussian()));
    }
    double limit = Math.exp(-mean);
    double product = random.nextDouble();
    int events = 0;
    while (product > limit) {
      product *= random.nextDouble();
      events++;
    }
    return events;
  }
}
