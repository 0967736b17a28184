package io.soilhub.scalability.cache.redis;

import java.time.Duration;

/// How long an entry lives, from now.
///
/// @param soft from when a reader should renew it while it is still good
/// @param hard from when it is no longer good
/// @param keep until when it is kept, to be given as a stale value if the data allows that
public record Lifetime(Duration soft, Duration hard, Duration keep) {

  public Lifetime {
    if (soft.isNegative() || hard.toMillis() < 1 || keep.compareTo(hard) < 0) {
      throw new IllegalArgumentException("not in order: %s, %s, %s".formatted(soft, hard, keep));
    }
  }
}
