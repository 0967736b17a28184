package io.soilhub.scalability.balancing.strategies;

import java.util.concurrent.locks.ReentrantLock;

/// Smooth weighted round robin (as in nginx): everybody earns his weight a turn, the richest is
/// chosen and pays the sum. Exact over a cycle, and a heavy target's turns are spread over it.
/// Plain round robin is the same with all weights one; only slow start shows in it.
final class RoundRobin implements Strategy {

  private final boolean weighted;
  private final ReentrantLock lock = new ReentrantLock();

  RoundRobin(boolean weighted) {
    this.weighted = weighted;
  }

  @Override
  public int choose(Candidates candidates, long key, long now) {
    lock.lock();
    try {
      int best = 0;
      double richest = Double.NEGATIVE_INFINITY;
      double sum = 0;
      for (int i = 0; i < candidates.size(); i++) {
        InstanceLoad load = candidates.load(i);
        double earned = earned(candidates, i);
        double credit = load.credit() + earned;
        load.credit(credit);
        sum += earned;
        if (credit > richest) {
          richest = credit;
          best = i;
        }
      }
      candidates.load(best).credit(richest - sum);
      return best;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Explanation explain(Candidates candidates, long key, long now) {
    lock.lock();
    try {
      int best = 0;
      double[] credits = new double[candidates.size()];
      for (int i = 0; i < credits.length; i++) {
        credits[i] = candidates.load(i).credit() + earned(candidates, i);
        if (credits[i] > credits[best]) {
          best = i;
        }
      }
      String reason =
          weighted
              ? "Its turn by weight: it has the largest credit. Scores are credits."
              : "Its turn: it has waited longest. Scores are credits.";
      return new Explanation(best, reason, credits);
    } finally {
      lock.unlock();
    }
  }

  private double earned(Candidates candidates, int index) {
    return weighted ? candidates.weight(index) : candidates.ramp(index);
  }
}
