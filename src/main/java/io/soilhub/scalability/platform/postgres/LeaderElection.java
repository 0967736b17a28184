package io.soilhub.scalability.platform.postgres;

import io.soilhub.scalability.platform.core.Ticker;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/// Picks one replica for work that must happen once: the holder of a PostgreSQL advisory lock, on a
/// connection of its own. The server frees the lock when that connection ends, so a killed leader
/// is followed within one step of another replica.
///
/// A stopped leader (SIGSTOP, long pause, cut network) does not close its connection. Its session
/// is ended by the server after [#SERVER_PATIENCE] without a statement, and it stops believing in
/// itself after the shorter [#BELIEF] since it last confirmed the lock, so that two replicas never
/// both hold themselves for the leader. Work that outlives that belief still has to be fenced by
/// its own writes.
public final class LeaderElection implements AutoCloseable {

  static final Duration BELIEF = Duration.ofSeconds(6);
  static final Duration SERVER_PATIENCE = Duration.ofSeconds(10);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(2);
  private static final Logger LOG = System.getLogger(LeaderElection.class.getName());

  /// The session that holds the lock and when, on the ticker, it was last seen to be alive.
  private record Held(Connection session, long confirmedAt) {}

  private final Database database;
  private final String role;
  private final Ticker ticker;
  private final AtomicReference<Held> held = new AtomicReference<>();

  /// @param role name of the lock; two leaderships of one name in one database exclude each other
  public LeaderElection(Database database, String role, Ticker ticker) {
    this.database = database;
    this.role = role;
    this.ticker = ticker;
  }

  /// Whether this replica leads now.
  public boolean isLeader() {
    Held now = held.get();
    return now != null && ticker.nanos() - now.confirmedAt() < BELIEF.toNanos();
  }

  /// Confirms the lock, or tries to get it. To be called about once a second by one loop.
  public void step() {
    Held now = held.get();
    long asked = ticker.nanos();
    if (now == null) {
      acquire(asked);
    } else if (alive(now.session())) {
      held.set(new Held(now.session(), asked));
    } else {
      LOG.log(Level.WARNING, "{0}: leadership lost with its connection", role);
      release();
    }
  }

  /// Gives the lock up at once, for a graceful stop.
  @Override
  public void close() {
    release();
  }

  private void acquire(long asked) {
    Connection session = null;
    try {
      session = database.connection();
      if (locked(session)) {
        held.set(new Held(session, asked));
        LOG.log(Level.INFO, "{0}: this replica leads", role);
      } else {
        session.close();
      }
    } catch (SQLException e) {
      LOG.log(Level.DEBUG, "{0}: no leadership without PostgreSQL: {1}", role, e.getMessage());
      discard(session);
    }
  }

  private boolean locked(Connection session) throws SQLException {
    try (PreparedStatement lock =
        session.prepareStatement("SELECT pg_try_advisory_lock(hashtextextended(?, 0))")) {
      lock.setQueryTimeout((int) ANSWER_TIMEOUT.toSeconds());
      lock.setString(1, "leader:" + role);
      try (ResultSet row = lock.executeQuery()) {
        if (!row.next() || !row.getBoolean(1)) {
          return false;
        }
      }
    }
    try (Statement limits = session.createStatement()) {
      limits.execute("SET idle_session_timeout = " + SERVER_PATIENCE.toMillis());
      return true;
    }
  }

  private static boolean alive(Connection session) {
    try {
      return session.isValid((int) ANSWER_TIMEOUT.toSeconds());
    } catch (SQLException _) {
      return false;
    }
  }

  private void release() {
    Held before = held.getAndSet(null);
    if (before != null) {
      discard(before.session());
    }
  }

  /// Ends the session for good: a pooled connection that still held the lock must not be handed
  /// out.
  private void discard(Connection session) {
    if (session != null) {
      database.discard(session);
    }
  }
}
