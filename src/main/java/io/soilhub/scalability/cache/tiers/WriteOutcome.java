package io.soilhub.scalability.cache.tiers;

/// How far a change has come when the call that made it returns.
public enum WriteOutcome {

  /// No read that starts now, on any replica, gives what was there before.
  CONFIRMED,
  /// It is recorded where it cannot get lost, but Redis or PostgreSQL is away and will follow.
  PENDING
}
