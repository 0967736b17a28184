package io.soilhub.scalability.platform.core;

import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// Time-ordered UUIDs, version 7 of RFC 9562: 48 bits of Unix milliseconds, a 12-bit counter within
/// the millisecond, 62 random bits. One generator never gives an id smaller than the one before,
/// also when its clock stands still or goes back by up to a minute (RFC 9562 section 6.2, method
/// 1). A clock that goes back further was wrong before: its ids would sort as the newest for as
/// long as it had been ahead, so they follow it, and are unique by their random bits.
public final class Uuid7 {

  private static final int COUNTER_BITS = 12;
  private static final long MOST_AHEAD = 60_000L << COUNTER_BITS;

  private final Clock clock;
  private final RandomGenerator random;

  /// Milliseconds and counter in one number, so that one compare-and-set moves both.
  private final AtomicLong last = new AtomicLong();

  public Uuid7(Clock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  public UUID next() {
    long now = clock.millis() << COUNTER_BITS;
    long stamp =
        last.updateAndGet(
            previous -> previous - now > MOST_AHEAD ? now : Math.max(previous + 1, now));
    long millis = stamp >>> COUNTER_BITS;
    long counter = stamp & ((1L << COUNTER_BITS) - 1);
    long high = (millis << 16) | 0x7000L | counter;
    long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }
}
