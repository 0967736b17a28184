package io.soilhub.scalability.balancing.strategies;

import io.soilhub.scalability.platform.core.Hashing;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// SplitMix64 (Steele, Lea, Flood 2014) over one shared counter: any number of threads draw from it
/// without a lock. For spreading load, not for secrets.
public final class SharedRandom implements RandomGenerator {

  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;
  private final AtomicLong state;

  public SharedRandom(long seed) {
    this.state = new AtomicLong(seed);
  }

  @Override
  public long nextLong() {
    return Hashing.spread(state.addAndGet(GOLDEN_GAMMA));
  }

  /// A number from 0 below `bound`, by multiplication instead of division (Lemire 2019); its bias
  /// below 2^-32 does not matter here.
  @Override
  public int nextInt(int bound) {
    return (int) (((nextLong() >>> 32) * bound) >>> 32);
  }
}
