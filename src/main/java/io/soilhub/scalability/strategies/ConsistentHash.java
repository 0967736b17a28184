package io.soilhub.scalability.strategies;

/// The same key goes to the same target while that is there and not too busy. Rendezvous hashing
/// (Thaler, Ravishankar 1996) with weights up to 100 targets: the key of a target that leaves
/// moves, no other. [Maglev] above. A target beyond `boundedLoad` times its share of the requests
/// under way is passed over (Mirrokni, Thorup, Zadimoghaddam 2018).
final class ConsistentHash implements Strategy {

  private static final int MOST_FOR_RENDEZVOUS = 100;
  private static final double UNIT = 0x1.0p-53;
  private static final int UNBOUNDED = Integer.MAX_VALUE;

  private final double boundedLoad;

  ConsistentHash(double boundedLoad) {
    this.boundedLoad = boundedLoad;
  }

  @Override
  public int choose(Candidates candidates, long key, long now) {
    int found = find(candidates, key, candidates.totalActive() + 1);
    return found >= 0 ? found : find(candidates, key, UNBOUNDED);
  }

  @Override
  public Explanation explain(Candidates candidates, long key, long now) {
    int total = candidates.totalActive() + 1;
    int chosen = choose(candidates, key, now);
    int home = find(candidates, key, UNBOUNDED);
    double[] room = new double[candidates.size()];
    for (int i = 0; i < room.length; i++) {
      room[i] = allowed(candidates, i, total) - candidates.load(i).active();
    }
    String found =
        chosen == home
            ? "The key belongs to it."
            : "The key belongs to %s, which is at the bound of its load; this is the next."
                .formatted(candidates.load(home).id());
    return new Explanation(
        chosen, found + " Scores are requests until the bound of the load.", room);
  }

  /// The nearest target with room, or -1 when requests that began meanwhile left none with any.
  private int find(Candidates candidates, long key, int total) {
    if (candidates.size() > MOST_FOR_RENDEZVOUS) {
      return fromTable(candidates, key, total);
    }
    return candidates.isEven() ? highest(candidates, key, total) : nearest(candidates, key, total);
  }

  /// Among equals the largest hash wins; no logarithm is needed.
  private int highest(Candidates candidates, long key, int total) {
    int best = -1;
    long highest = 0;
    for (int i = 0; i < candidates.size(); i++) {
      long hash = Mixing.spread(key ^ candidates.load(i).hash());
      if ((best < 0 || hash > highest) && hasRoom(candidates, i, total)) {
        best = i;
        highest = hash;
      }
    }
    return best;
  }

  /// With weights the smallest of `-ln(u) / weight` wins, u uniform. As `-ln(u) >= 1 - u`, most
  /// logarithms need not be taken.
  private int nearest(Candidates candidates, long key, int total) {
    int best = -1;
    double nearest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < candidates.size(); i++) {
      long hash = Mixing.spread(key ^ candidates.load(i).hash());
      double uniform = ((hash >>> 11) + 0.5) * UNIT;
      double weight = candidates.weight(i);
      if ((1 - uniform) / weight < nearest) {
        double distance = -Math.log(uniform) / weight;
        if (distance < nearest && hasRoom(candidates, i, total)) {
          best = i;
          nearest = distance;
        }
      }
    }
    return best;
  }

  private int fromTable(Candidates candidates, long key, int total) {
    Maglev table = candidates.table();
    int slot = Maglev.slot(key);
    for (int tried = 0; tried < Maglev.SLOTS; tried++) {
      if (hasRoom(candidates, table.owner(slot), total)) {
        return table.owner(slot);
      }
      slot = Maglev.after(slot);
    }
    return -1;
  }

  /// Somebody always has room: the bounds add up to more than the requests.
  private boolean hasRoom(Candidates candidates, int index, int total) {
    return candidates.load(index).active() < allowed(candidates, index, total);
  }

  private double allowed(Candidates candidates, int index, int total) {
    double share = total * candidates.weight(index) / candidates.totalWeight();
    return Math.ceil(boundedLoad * share);
  }
}
