package io.soilhub.scalability.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/// Submits a number of no-op jobs with no worker running, then processes them: two phases, so that
/// each has the whole machine and a system of one thread is not charged for being both at once.
final class Throughput {

  /// One row of the table.
  ///
  /// @param slots jobs that may run at once
  /// @param bulk whether jobs are submitted 1000 a call, or one a call from 16 callers
  record Case(String system, SubjectProcess subject, int slots, boolean bulk, int jobs) {}

  /// Rates in jobs a second; processor time in seconds a thousand jobs.
  ///
  /// @param exact whether every job was run once and all are finished in the store
  record Sample(
      double submit,
      double process,
      double both,
      double cpuClient,
      double cpuPostgres,
      double cpuRedis,
      boolean exact) {}

  private final Stores stores;

  Throughput(Stores stores) {
    this.stores = stores;
  }

  Sample measure(Case one) throws Exception {
    one.subject().call(request("reset"));
    stores.settle();
    double client = CpuTime.seconds(one.subject().handle());
    double postgres = CpuTime.seconds(stores.postgresProcess());
    double redis = CpuTime.seconds(stores.redisProcess());
    ObjectNode submitted =
        one.subject().call(request("submit").put("jobs", one.jobs()).put("bulk", one.bulk()));
    ObjectNode processed =
        one.subject().call(request("process").put("jobs", one.jobs()).put("slots", one.slots()));
    double thousands = one.jobs() / 1000.0;
    double submitSeconds = submitted.get("seconds").doubleValue();
    double processSeconds = processed.get("seconds").doubleValue();
    return new Sample(
        one.jobs() / submitSeconds,
        one.jobs() / processSeconds,
        one.jobs() / (submitSeconds + processSeconds),
        (CpuTime.seconds(one.subject().handle()) - client) / thousands,
        (CpuTime.seconds(stores.postgresProcess()) - postgres) / thousands,
        (CpuTime.seconds(stores.redisProcess()) - redis) / thousands,
        allEqual(one.jobs(), processed));
  }

  /// The worker count with which `template`'s system is fastest.
  int tuned(Case template, List<Integer> counts) throws Exception {
    int best = counts.getFirst();
    double bestRate = 0;
    for (int count : counts) {
      Case one =
          new Case(template.system(), template.subject(), count, template.bulk(), template.jobs());
      double rate = measure(one).both();
      if (rate > bestRate) {
        bestRate = rate;
        best = count;
      }
    }
    return best;
  }

  private static boolean allEqual(int jobs, ObjectNode processed) {
    List<Integer> counts = new ArrayList<>();
    for (String count : List.of("runs", "distinct", "finished")) {
      counts.add(processed.get(count).intValue());
    }
    return counts.stream().allMatch(count -> count == jobs);
  }

  private static ObjectNode request(String what) {
    return Protocol.message().put("do", what);
  }
}
