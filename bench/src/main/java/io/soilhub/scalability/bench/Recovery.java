package io.soilhub.scalability.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.bench.SubjectProcess.Began;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/// Two worker processes share 400 jobs of 50 ms. One is killed with SIGKILL in the middle; the
/// other has emptied the queue a second later and then waits for what the dead one held. Each
/// handler has its effect first and then takes its time, so that every job that was running at the
/// kill has had its effect already.
final class Recovery {

  /// @param seconds from the kill until the last job of the dead worker began elsewhere
  /// @param held jobs that had to be run again
  /// @param twice effects that happened more than once
  /// @param lost jobs that were not finished two minutes after the kill
  record Sample(double seconds, int held, int twice, int lost) {}

  private static final int JOBS = 400;
  private static final int HOLD_MILLIS = 50;
  private static final int SLOTS = 8;
  private static final int KILL_AFTER = 60;
  private static final int LONGEST_SECONDS = 120;

  private final Callable<SubjectProcess> start;

  /// @param start starts one more process of the system
  Recovery(Callable<SubjectProcess> start) {
    this.start = start;
  }

  Sample measure() throws Exception {
    try (SubjectProcess victim = start.call();
        SubjectProcess survivor = start.call()) {
      survivor.call(request("reset"));
      ObjectNode jobs = request("submit").put("jobs", JOBS).put("bulk", true);
      survivor.call(jobs.put("hold", HOLD_MILLIS));
      victim.call(request("work").put("slots", SLOTS).put("jobs", JOBS));
      survivor.call(request("work").put("slots", SLOTS).put("jobs", JOBS));
      Set<Integer> onVictim = new HashSet<>();
      for (int i = 0; i < 2000 && onVictim.size() < KILL_AFTER; i++) {
        victim.begun().forEach(began -> onVictim.add(began.number()));
        Thread.sleep(5);
      }
      long killed = System.nanoTime();
      victim.kill();
      JsonNode audit = awaitFinished(survivor, killed);
      victim.begun().forEach(began -> onVictim.add(began.number()));
      return sample(killed, onVictim, survivor.begun(), audit);
    }
  }

  private static JsonNode awaitFinished(SubjectProcess survivor, long killed) throws Exception {
    while (true) {
      ObjectNode audit = survivor.call(request("audit"));
      boolean late = System.nanoTime() - killed > LONGEST_SECONDS * 1_000_000_000L;
      if (audit.get("finished").intValue() >= JOBS || late) {
        return audit;
      }
      Thread.sleep(100);
    }
  }

  private static Sample sample(
      long killed, Set<Integer> onVictim, List<Began> onSurvivor, JsonNode audit) {
    long last = killed;
    int held = 0;
    for (Began began : onSurvivor) {
      last = Math.max(last, began.nanos());
      held += onVictim.contains(began.number()) ? 1 : 0;
    }
    List<Integer> effects = new ArrayList<>();
    audit.get("effects").forEach(number -> effects.add(number.intValue()));
    int twice = effects.size() - new HashSet<>(effects).size();
    return new Sample((last - killed) / 1e9, held, twice, JOBS - audit.get("finished").intValue());
  }

  private static ObjectNode request(String what) {
    return Protocol.message().put("do", what);
  }
}
