package io.soilhub.scalability.platform.core;

/// The order in which the parts of a replica start: the priorities of their observers of `Startup`.
/// A part that uses another starts after it. They stop in the reverse order: the observer of
/// `Shutdown` has the priority `STOP - phase`. The parts of one phase start and stop in any order.
///
/// No phase waits for PostgreSQL or Redis: a part starts at once and works when they answer.
public final class Phases {

  /// Ends the process before anything else has begun when a setting cannot be used.
  public static final int SETTINGS = 100;

  /// The connections to PostgreSQL and Redis, leadership and the sign of life of the replica: all
  /// others ask whether the stores answer, and write to them until they have stopped.
  public static final int STORES = 200;

  /// What is measured: the parts that follow record from their first step to their last, and what
  /// they recorded is saved when all have stopped.
  public static final int TELEMETRY = 300;

  /// The cache and the purges of the CDN in front, before those who read through it.
  public static final int CACHE = 400;

  /// Data that a replica brings along: jobs answer from it, so they stop first.
  public static final int REFERENCE_DATA = 500;

  /// Which instances there are and how they are: before the gateway picks one, and after it, so
  /// that its last requests are counted.
  public static final int BALANCING = 600;

  /// What forwards requests to the instances.
  public static final int GATEWAY = 700;

  /// Runs jobs. Their handlers may use all of the above, so these stop when no job runs any more.
  public static final int JOBS = 800;

  /// Deletes what is old, partly by submitting jobs.
  public static final int MAINTENANCE = 900;

  /// Samples, alerts and anomalies: they read what all of the above do.
  public static final int MONITORING = 1000;

  /// Ports of our own, beside the server's: opened when all is there that answers a request. They
  /// close before all of those, so that no request meets a part that has stopped.
  public static final int TRAFFIC = 1100;

  /// The health of all parts, looked at for the first time when they have started.
  public static final int HEALTH = 1200;

  /// The metrics of all parts, made before the first scrape.
  public static final int EXPOSITION = 1300;

  /// Less a phase it is the priority of what stops the phase.
  public static final int STOP = 10_000;

  private Phases() {}
}
