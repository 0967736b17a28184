package io.soilhub.scalability.jobs.journal;

import java.time.Duration;

/// Bounds of a group commit.
///
/// The times are enforced by the server and lie well below the client's patience at the socket: a
/// group that is held up by a lock is rolled back before its client gives up on it, so that no copy
/// of it is left in the server to be executed later.
///
/// @param lockTimeout longest wait for a lock
/// @param statementTimeout longest time of each of its statements
/// @param waitingBytes payloads that may wait to be written; more are refused
public record JournalLimits(Duration lockTimeout, Duration statementTimeout, long waitingBytes) {

  private static final Duration LOCK = Duration.ofSeconds(2);

  /// Three times this, for submissions, claims and settlements, is less than 30 s.
  private static final Duration STATEMENT = Duration.ofSeconds(6);

  private static final int SHARE_OF_MEMORY = 16;

  public JournalLimits {
    if (lockTimeout.toMillis() < 1 || statementTimeout.toMillis() < 1 || waitingBytes < 1) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }

  /// @param memory bytes that the process may use
  public static JournalLimits of(long memory) {
    return new JournalLimits(LOCK, STATEMENT, Math.max(1, memory / SHARE_OF_MEMORY));
  }
}
