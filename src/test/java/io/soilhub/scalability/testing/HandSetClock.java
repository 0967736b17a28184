package io.soilhub.scalability.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.Supplier;

/// Shows what a test says.
public final class HandSetClock extends Clock {

  private volatile Supplier<Instant> now;

  public HandSetClock(String now) {
    Instant shown = Instant.parse(now);
    this.now = () -> shown;
  }

  /// @param now asked at every look at the clock
  public HandSetClock(Supplier<Instant> now) {
    this.now = now;
  }

  public void forward(Duration by) {
    Instant shown = instant().plus(by);
    now = () -> shown;
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException();
  }
}
