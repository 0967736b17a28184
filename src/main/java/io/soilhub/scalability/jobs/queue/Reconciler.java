package io.soilhub.scalability.jobs.queue;

import io.soilhub.scalability.jobs.journal.JobRepository;
import io.soilhub.scalability.jobs.journal.OpenJob;
import io.soilhub.scalability.jobs.journal.QueueStore;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.QueryFailed;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;

/// Makes Redis hold what the journal says is open: at once when a queue was wiped or Redis came
/// back as another run of itself, and every minute for what slipped through (a replica that died
/// between the journal and Redis).
///
/// One replica does it at a time, under a PostgreSQL advisory lock. It only ever adds: an id too
/// many is dropped at its claim, because the journal refuses it.
public final class Reconciler {

  private static final Logger LOG = System.getLogger(Reconciler.class.getName());
  private static final Duration PERIOD = Duration.ofSeconds(60);
  private static final String LAST_WALK = "jobs:reconciled";
  private static final String TRY_LOCK =
      "SELECT pg_try_advisory_xact_lock(hashtextextended('jobs:reconcile', 0))";
  private static final int PAGE = 1000;
  private static final UUID BEGINNING = new UUID(0, 0);
  private static final String NO_SUCH_TABLE = "42P01";

  private final Database database;
  private final JobRepository archive;
  private final QueueStore ledger;
  private final UnifiedJedis redis;
  private final RedisRunId redisRunId;
  private final EnqueueBuffer enqueueBuffer;
  private final Map<String, LeaseQueue> queues;
  private boolean away;

  Reconciler(
      Database database,
      UnifiedJedis redis,
      RedisRunId redisRunId,
      EnqueueBuffer enqueueBuffer,
      Map<String, LeaseQueue> queues) {
    this.database = database;
    this.archive = new JobRepository(database);
    this.ledger = new QueueStore(database);
    this.redis = redis;
    this.redisRunId = redisRunId;
    this.enqueueBuffer = enqueueBuffer;
    this.queues = Map.copyOf(queues);
  }

  /// Looks whether there is a reason to walk over the open jobs, and does. To be called twice a
  /// second by one loop.
  public void step() {
    try {
      String runId = redisRunId.refresh();
      if (incomplete(runId)) {
        underLock(() -> rebuild(runId));
      } else if (enqueueBuffer.takeMissing()) {
        announceAgain();
      } else if (periodIsOver()) {
        underLock(() -> walk(false));
      }
      away = false;
    } catch (JedisException | QueueUnavailable e) {
      if (!away) {
        LOG.log(Level.WARNING, "Redis is away, jobs are kept in the journal: {0}", e.getMessage());
      }
      away = true;
    } catch (Problem e) {
      LOG.log(Level.WARNING, "the queues cannot be compared with the journal: {0}", e.getMessage());
    } catch (QueryFailed e) {
      if (!e.state().equals(NO_SUCH_TABLE)) {
        throw e;
      }
      LOG.log(Level.DEBUG, "the journal has not been created yet");
    }
  }

  private boolean incomplete(String runId) {
    return queues.values().stream().anyMatch(queue -> !queue.epoch().equals(runId));
  }

  private void announceAgain() {
    if (!underLock(() -> walk(false))) {
      enqueueBuffer.stillMissing();
    }
  }

  private boolean periodIsOver() {
    SetParams once = SetParams.setParams().nx().px(PERIOD.toMillis());
    if (redis.set(LAST_WALK, "1", once) != null) {
      return true;
    }
    if (redis.pttl(LAST_WALK) > PERIOD.toMillis()) {
      // Redis keeps the end of a period as a time, and its clock was set back since.
      redis.del(LAST_WALK);
    }
    return false;
  }

  /// @return false when another replica is at it
  private boolean underLock(Runnable work) {
    return database.inTransaction(
        Database.Pool.CONTROL,
        connection -> {
          try (PreparedStatement lock = connection.prepareStatement(TRY_LOCK);
              ResultSet row = lock.executeQuery()) {
            boolean mine = row.next() && row.getBoolean(1);
            if (mine) {
              work.run();
            }
            return mine;
          }
        });
  }

  private void rebuild(String runId) {
    if (!incomplete(runId)) {
      return;
    }
    LOG.log(Level.INFO, "rebuilding the job queues from the journal");
    int open = walk(true);
    queues.values().forEach(queue -> queue.complete(runId));
    LOG.log(Level.INFO, "the job queues are complete: {0} open jobs", open);
  }

  private int walk(boolean distrust) {
    queues.values().forEach(queue -> LimitCopy.copy(ledger, queue));
    int open = 0;
    List<OpenJob> page = archive.openJobs(BEGINNING, PAGE);
    while (!page.isEmpty()) {
      restore(page, distrust);
      open += page.size();
      page = archive.openJobs(page.getLast().jobId(), PAGE);
    }
    return open;
  }

  private void restore(List<OpenJob> page, boolean distrust) {
    Map<LeaseQueue, List<DelayedEntry>> waiting = new HashMap<>();
    Map<LeaseQueue, List<QueueEntry>> running = new HashMap<>();
    for (OpenJob job : page) {
      LeaseQueue queue = queues.get(job.queue());
      QueueEntry queueEntry = new QueueEntry(job.priority(), job.jobId());
      if (queue != null && job.running()) {
        running.computeIfAbsent(queue, _ -> new ArrayList<>()).add(queueEntry);
      } else if (queue != null) {
        waiting
            .computeIfAbsent(queue, _ -> new ArrayList<>())
            .add(new DelayedEntry(queueEntry, job.dueIn()));
      }
    }
    waiting.forEach(LeaseQueue::add);
    running.forEach((queue, members) -> queue.restore(members, distrust));
  }
}
