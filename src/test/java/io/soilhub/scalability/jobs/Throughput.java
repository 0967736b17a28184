package io.soilhub.scalability.jobs;

import io.soilhub.scalability.platform.Json;
import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// Submits and works off no-op jobs in one JVM and prints the rates; for a look at where time goes.
final class Throughput {

  public static void main(String[] args) throws Exception {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
    int batch = args.length > 1 ? Integer.parseInt(args[1]) : 1;
    int clients = args.length > 2 ? Integer.parseInt(args[2]) : 16;
    int workers = args.length > 3 ? Integer.parseInt(args[3]) : 16;
    try (TestPostgres postgres = TestPostgres.start();
        TestRedis redis = TestRedis.start()) {
      AtomicInteger left = new AtomicInteger();
      CountDownLatch[] done = {new CountDownLatch(1)};
      JobHandler noop =
          Handlers.of(
              "noop",
              run -> {
                if (left.decrementAndGet() == 0) {
                  done[0].countDown();
                }
                return Json.object();
              });
      String url = postgres.newDatabase();
      try (TestEngine engine =
          TestEngine.of(
              "bench",
              url,
              redis.open(),
              List.of(noop),
              Map.of("WORKERS_PER_QUEUE", "" + workers, "JOB_LEASE_SECONDS", "10"))) {
        engine.start();
        JobRequest request = JobRequest.of("noop", Json.object().put("x", "y".repeat(190)));
        for (int round = 0; round < 6; round++) {
          left.set(count);
          done[0] = new CountDownLatch(1);
          long begin = System.nanoTime();
          List<Thread> threads = new ArrayList<>();
          for (int c = 0; c < clients; c++) {
            threads.add(
                Thread.ofPlatform()
                    .start(
                        () -> {
                          List<JobRequest> requests = java.util.Collections.nCopies(batch, request);
                          for (int i = 0; i < count / clients / batch; i++) {
                            engine.jobs().submitAll(requests, java.util.Optional.empty());
                          }
                        }));
          }
          for (Thread t : threads) {
            t.join();
          }
          double submitted = (System.nanoTime() - begin) / 1e9;
          done[0].await();
          double ran = (System.nanoTime() - begin) / 1e9;
          while (engine.jobs().queues().standings().stream().anyMatch(s -> s.running() > 0)) {
            Thread.sleep(20);
          }
          double all = (System.nanoTime() - begin) / 1e9;
          System.out.printf(
              "round %d: submit %.0f/s  run %.0f/s  finished %.0f/s%n",
              round, count / submitted, count / ran, count / all);
        }
      }
    }
    System.exit(0);
  }
}
