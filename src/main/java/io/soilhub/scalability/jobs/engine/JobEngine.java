package io.soilhub.scalability.jobs.engine;

import io.soilhub.scalability.jobs.journal.BacklogCount;
import io.soilhub.scalability.jobs.journal.JobRepository;
import io.soilhub.scalability.jobs.journal.Journal;
import io.soilhub.scalability.jobs.journal.JournalLimits;
import io.soilhub.scalability.jobs.journal.QueueStore;
import io.soilhub.scalability.jobs.queue.EnqueueBuffer;
import io.soilhub.scalability.jobs.queue.LeaseQueue;
import io.soilhub.scalability.jobs.queue.Reconciler;
import io.soilhub.scalability.jobs.queue.RedisQueues;
import io.soilhub.scalability.jobs.queue.WorkSignal;
import io.soilhub.scalability.platform.core.ByteBudget;
import io.soilhub.scalability.platform.core.PeriodicTask;
import io.soilhub.scalability.platform.core.PeriodicTasks;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.redis.RedisClients;
import io.soilhub.scalability.telemetry.tracing.Tracing;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// One replica's part in working off jobs, put together from its outside: makes the threads, starts
/// and stops them in the right order. Runs in the server, in a plain main and several times in one
/// test.
public final class JobEngine implements AutoCloseable {

  /// Time, chance, ids and threads, the traces that the runs of jobs belong to, and whether this
  /// replica is the one that does what is done once for all.
  ///
  /// @param memory bytes that the process may use; payloads and results get shares of it
  public record Outside(
      Uuid7 ids,
      Ticker ticker,
      RandomGenerator random,
      ThreadFactory threads,
      Tracing tracing,
      BooleanSupplier leader,
      long memory) {

    /// With the heap of this process.
    public Outside(
        Uuid7 ids,
        Ticker ticker,
        RandomGenerator random,
        ThreadFactory threads,
        Tracing tracing,
        BooleanSupplier leader) {
      this(ids, ticker, random, threads, tracing, leader, Runtime.getRuntime().maxMemory());
    }

    /// The only replica.
    public Outside(
        Uuid7 ids, Ticker ticker, RandomGenerator random, ThreadFactory threads, Tracing tracing) {
      this(ids, ticker, random, threads, tracing, () -> true);
    }

    /// Without traces.
    public Outside(Uuid7 ids, Ticker ticker, RandomGenerator random, ThreadFactory threads) {
      this(ids, ticker, random, threads, Tracing.OFF);
    }

    /// What becomes of a text in memory is up to ten times as large.
    private ByteBudget budget() {
      return new ByteBudget(Math.max(1, memory / SHARE_OF_MEMORY));
    }
  }

  private static final int SHARE_OF_MEMORY = 32;

  private static final Logger LOG = System.getLogger(JobEngine.class.getName());
  private static final Duration TIME_TO_UNWIND = Duration.ofSeconds(2);
  private static final Duration TIME_TO_WRITE = Duration.ofSeconds(5);
  private static final Duration AFTER_FAILURE = Duration.ofMillis(300);

  /// What one queue has on this replica.
  private record Lane(
      LeaseQueue queue,
      CompletionWriter settler,
      QueueWorkers workers,
      WorkSignal wakeUp,
      HeldLeases leases,
      Dispatcher dispatcher) {}

  private final JobsSettings settings;
  private final Outside outside;
  private final Journal journal;
  private final ByteBudget payloads;
  private final ByteBudget results;
  private final EnqueueBuffer enqueueBuffer;
  private final RedisQueues queues;
  private final Map<JobQueue, Lane> lanes = new EnumMap<>(JobQueue.class);
  private final Heartbeat heartbeat;
  private final Supervisor supervisor;
  private final Reconciler reconciler;
  private final BacklogCount backlog;
  private final CompletionWaiters waiting;
  private final Jobs jobs;
  private final PeriodicTasks tasks = new PeriodicTasks();
  private final CountDownLatch closed = new CountDownLatch(1);
  private Optional<PeriodicTask> beat = Optional.empty();

  /// Makes the engine without starting it: jobs can be submitted, none is run.
  ///
  /// @param node name of this replica in the journal
  public JobEngine(
      Database database,
      RedisClients redis,
      JobsSettings settings,
      String node,
      Collection<JobHandler> handlers,
      Outside outside) {
    this.settings = settings;
    this.outside = outside;
    Map<String, JobHandler> byType =
        handlers.stream().collect(Collectors.toMap(JobHandler::jobType, Function.identity()));
    this.journal =
        new Journal(
            database,
            settings.crashLimit(),
            byType.keySet(),
            JournalLimits.of(outside.memory()),
            outside.threads());
    this.payloads = outside.budget();
    this.results = outside.budget();
    JobRepository archive = new JobRepository(database);
    QueueStore ledger = new QueueStore(database);
    this.waiting = new CompletionWaiters(archive);
    this.enqueueBuffer = new EnqueueBuffer(outside.threads());
    List<String> names = Arrays.stream(JobQueue.values()).map(JobQueue::text).toList();
    this.queues =
        new RedisQueues(redis, names, node + "/" + outside.ids().next(), settings.timing());
    this.supervisor = new Supervisor(journal, ledger, outside.ticker());
    for (JobQueue queue : JobQueue.values()) {
      Lane lane = lane(queue, byType, node);
      lanes.put(queue, lane);
      supervisor.add(queue, lane.workers, lane.settler);
    }
    this.heartbeat = new Heartbeat(lanes.values().stream().map(Lane::leases).toList());
    this.reconciler = queues.reconciler(database, enqueueBuffer);
    this.backlog = new BacklogCount(database, outside.leader(), outside.ticker());
    JobSubmitter intake =
        new JobSubmitter(
            journal, enqueueBuffer, queues.all(), byType, outside.ids(), outside.tracing());
    QueueAdmin board = new QueueAdmin(ledger, queues.all(), settings.workers(), outside.ticker());
    this.jobs = new Jobs(settings.enabled(), intake, archive, board, waiting, supervisor::cancel);
  }

  /// The engine's verbs; usable before [#start].
  public Jobs jobs() {
    return jobs;
  }

  /// Begins to take and run jobs.
  public void start() {
    LOG.log(Level.INFO, "working off jobs: {0}", settings);
    beat = Optional.of(PeriodicTask.every(settings.heartbeat(), "job-heartbeat", heartbeat::step));
    tasks.every(Duration.ofMillis(500), "job-reconcile", reconciler::step);
    tasks.every(Duration.ofMillis(200), "job-supervise", supervisor::step);
    tasks.every(Duration.ofSeconds(1), "job-watch", supervisor::watch);
    tasks.every(Duration.ofSeconds(1), "job-backlog", backlog::step);
    tasks.every(Duration.ofMillis(200), "job-waiting", waiting::step);
    outside.threads().newThread(queues.redisRunId()::warnOfLosses).start();
    for (Lane lane : lanes.values()) {
      lane.workers.start();
      if (lane.workers.slots() > 0) {
        outside.threads().newThread(() -> dispatch(lane)).start();
      }
    }
  }

  /// Takes no more jobs, gives back at once what has not begun, lets running jobs end within the
  /// grace, then interrupts them and gives them back as well. The heartbeat ends last.
  @Override
  public void close() {
    lanes.values().forEach(lane -> lane.dispatcher.close());
    lanes.values().forEach(lane -> lane.workers.releaseWaiting());
    if (!within(settings.shutdownGrace(), this::idle)) {
      lanes.values().forEach(lane -> lane.workers.stopRunning(JobExecution.Stop.SHUTDOWN));
      within(TIME_TO_UNWIND, this::idle);
    }
    lanes.values().forEach(lane -> lane.workers.close());
    within(TIME_TO_WRITE, () -> lanes.values().stream().allMatch(l -> l.settler.quiet()));
    closed.countDown();
    journal.close();
    tasks.close();
    lanes.values().forEach(lane -> lane.wakeUp.close());
    lanes.values().forEach(lane -> lane.dispatcher.flush());
    supervisor.count();
    enqueueBuffer.close();
    beat.ifPresent(PeriodicTask::close);
    queues.close();
  }

  private Lane lane(JobQueue queue, Map<String, JobHandler> handlers, String node) {
    LeaseQueue leaseQueue = queues.all().get(queue.text());
    CompletionWriter completionWriter = new CompletionWriter(journal, waiting, results);
    CompletionPolicy completionPolicy =
        new CompletionPolicy(settings.retryDelay(), outside.random());
    QueueWorkers workers =
        new QueueWorkers(
            settings.workers().get(queue),
            handlers,
            journal,
            completionWriter,
            completionPolicy,
            outside.ticker(),
            outside.threads(),
            outside.tracing(),
            payloads);
    WorkSignal workSignal = queues.workSignal(leaseQueue, outside.threads());
    HeldLeases leases = new HeldLeases(leaseQueue, workers, outside.ticker());
    Dispatcher dispatcher =
        new Dispatcher(leaseQueue, queues.redisRunId(), leases, journal, node, workSignal, workers);
    completionWriter.to(dispatcher);
    return new Lane(leaseQueue, completionWriter, workers, workSignal, leases, dispatcher);
  }

  private void dispatch(Lane lane) {
    try {
      while (closed.getCount() > 0) {
        if (!step(lane)) {
          closed.await(AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException _) {
      // the engine is closed
    }
  }

  /// @return false when it failed, with anything: the queue would otherwise stand still for good
  private static boolean step(Lane lane) throws InterruptedException {
    try {
      lane.dispatcher.step();
      return true;
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "queue " + lane.queue.name() + " goes on after a failure", e);
      return false;
    }
  }

  private boolean idle() {
    return lanes.values().stream().allMatch(l -> l.dispatcher.idle() && l.workers.idle());
  }

  private boolean within(Duration limit, BooleanSupplier condition) {
    long begin = outside.ticker().nanos();
    try {
      while (!condition.getAsBoolean()) {
        if (outside.ticker().nanos() - begin > limit.toNanos()
            || closed.await(20, TimeUnit.MILLISECONDS)) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
