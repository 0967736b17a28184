package io.soilhub.scalability.balancing.strategies;

import io.soilhub.scalability.platform.core.RendezvousHash;
import java.util.Arrays;

/// The same key goes to the same target while that is there. Rendezvous hashing (Thaler,
/// Ravishankar 1996) with weights up to 100 targets: the key of a target that leaves moves, no
/// other. [Maglev] above. With a bound, a target beyond `boundedLoad` times its share of the
/// requests under way is passed over (Mirrokni, Thorup, Zadimoghaddam 2018). A share of few
/// requests is one or two, so the bound counts only above a floor: a target may always have
/// [#FLOOR] requests under way.
///
/// Most keys find their home below the floor: it is looked for first, without a branch that could
/// be guessed wrong, and only when it is busy are the requests under way added up.
final class ConsistentHash implements Strategy {

  /// Below it the bound does not count. It is the least that the gradient limit of the fleet leaves
  /// an instance.
  static final int FLOOR = 16;

  private static final int MOST_FOR_RENDEZVOUS = 100;

  /// The lowest bits of a distance give way to the target's index, so that the least of them names
  /// its target.
  private static final long INDEX = 127;

  private final double boundedLoad;

  /// @param boundedLoad 0 for no bound
  ConsistentHash(double boundedLoad) {
    this.boundedLoad = boundedLoad;
  }

  @Override
  public int choose(Candidates candidates, long key, long now) {
    int home = home(candidates, key);
    if (boundedLoad == 0 || candidates.load(home).active() < FLOOR) {
      return home;
    }
    double bound = bound(candidates);
    return hasRoom(candidates, home, bound) ? home : elsewhere(candidates, key, home, bound);
  }

  @Override
  public Explanation explain(Candidates candidates, long key, long now) {
    int chosen = choose(candidates, key, now);
    int home = home(candidates, key);
    double[] scores = new double[candidates.size()];
    if (boundedLoad == 0) {
      Arrays.setAll(scores, i -> candidates.load(i).active());
      return new Explanation(
          chosen, "The key belongs to it. Scores are requests under way.", scores);
    }
    double bound = bound(candidates);
    Arrays.setAll(
        scores,
        i ->
            Math.max(FLOOR, Math.ceil(bound * candidates.weight(i))) - candidates.load(i).active());
    String found =
        chosen == home
            ? "The key belongs to it."
            : "The key belongs to %s, which is at the bound of its load; this is the next."
                .formatted(candidates.load(home).id());
    return new Explanation(
        chosen, found + " Scores are requests until the bound of the load.", scores);
  }

  private static int home(Candidates candidates, long key) {
    if (candidates.size() > MOST_FOR_RENDEZVOUS) {
      return candidates.table().owner(Maglev.slot(key));
    }
    return candidates.isEven() ? nearestOfEqual(candidates, key) : nearest(candidates, key);
  }

  private static int nearestOfEqual(Candidates candidates, long key) {
    long nearest = Long.MAX_VALUE;
    for (int i = 0; i < candidates.size(); i++) {
      nearest = Math.min(nearest, distanceOfEqual(candidates, key, i));
    }
    return (int) (nearest & INDEX);
  }

  private static int nearest(Candidates candidates, long key) {
    long nearest = Long.MAX_VALUE;
    for (int i = 0; i < candidates.size(); i++) {
      nearest = Math.min(nearest, distance(candidates, key, i));
    }
    return (int) (nearest & INDEX);
  }

  /// Of `-log(u) / weight`, u uniform: each is the least as often as its weight says. Doubles that
  /// are not negative are in the order of their bits.
  private static long distance(Candidates candidates, long key, int index) {
    long hash = RendezvousHash.score(candidates.hash(index), key);
    double distance = FastLog2.negative(hash) * candidates.inverse(index);
    return (Double.doubleToRawLongBits(distance) & ~INDEX) | index;
  }

  /// Among equals the largest hash is the nearest, the same as by [#distance]: a newcomer on its
  /// way to equal weight moves no keys but its own.
  private static long distanceOfEqual(Candidates candidates, long key, int index) {
    long hash = RendezvousHash.score(candidates.hash(index), key);
    return ((~hash >>> 1) & ~INDEX) | index;
  }

  /// The nearest with room; the home itself when requests that began meanwhile left none with any.
  private static int elsewhere(Candidates candidates, long key, int home, double bound) {
    if (candidates.size() > MOST_FOR_RENDEZVOUS) {
      return nextInTable(candidates, key, home, bound);
    }
    boolean even = candidates.isEven();
    long nearest = Long.MAX_VALUE;
    for (int i = 0; i < candidates.size(); i++) {
      if (hasRoom(candidates, i, bound)) {
        long distance = even ? distanceOfEqual(candidates, key, i) : distance(candidates, key, i);
        nearest = Math.min(nearest, distance);
      }
    }
    return nearest == Long.MAX_VALUE ? home : (int) (nearest & INDEX);
  }

  private static int nextInTable(Candidates candidates, long key, int home, double bound) {
    Maglev table = candidates.table();
    int slot = Maglev.slot(key);
    for (int tried = 0; tried < Maglev.SLOTS; tried++) {
      if (hasRoom(candidates, table.owner(slot), bound)) {
        return table.owner(slot);
      }
      slot = Maglev.after(slot);
    }
    return home;
  }

  /// Somebody always has room: the bounds add up to more than the requests. A whole number is below
  /// a bound when it is below that rounded up.
  private static boolean hasRoom(Candidates candidates, int index, double bound) {
    int active = candidates.load(index).active();
    return active < FLOOR || active < bound * candidates.weight(index);
  }

  /// Requests that a target may have for each unit of its weight, with the one to come.
  private double bound(Candidates candidates) {
    return boundedLoad * (candidates.totalActive() + 1) / candidates.totalWeight();
  }
}
