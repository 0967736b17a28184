package io.soilhub.scalability.cache.cdn;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Brings the purges of the outbox to one server of the CDN, on every replica: whichever finds one
/// takes it.
///
/// Each tag is purged twice. Between the change and the first purge, and for as long as a replica
/// does not know of the change, the CDN may fetch the old answer once more; the second purge,
/// counted from the first, removes what it fetched.
final class PurgeRelay {

  private static final Logger LOG = System.getLogger(PurgeRelay.class.getName());

  /// A good deal more than a purge takes, [PurgeHttpClient#LIMIT].
  static final Duration LEASE = Duration.ofSeconds(20);

  /// A quarter of an hour with the CDN away.
  static final int FEWEST_ATTEMPTS = 20;

  private static final int MOST_A_STEP = 100;

  /// About an hour.
  private static final int FORGET_EVERY = 18_000;

  private final PurgeOutbox outbox;
  private final String server;
  private final CdnClient cdnClient;
  private final PurgeRateLimiter pace;
  private final Duration again;
  private final PurgeOutbox.Patience patience;
  private int steps;

  /// @param again from the first purge of a tag to its second
  /// @param longest how long after the call of [Purges] an answer from before may still be at the
  ///   CDN; no purge is given up before
  PurgeRelay(
      PurgeOutbox outbox,
      String server,
      CdnClient cdnClient,
      PurgeRateLimiter pace,
      Duration again,
      Duration longest) {
    this.outbox = outbox;
    this.server = server;
    this.cdnClient = cdnClient;
    this.pace = pace;
    this.again = again;
    this.patience = new PurgeOutbox.Patience(FEWEST_ATTEMPTS, longest);
  }

  /// Sends what is due, as far as the pace allows. To be called some times a second by one thread.
  ///
  /// @throws io.soilhub.scalability.platform.postgres.DatabaseUnavailable when PostgreSQL is away
  public void step() {
    if (steps++ % FORGET_EVERY == 0) {
      outbox.forgetOthers(patience.age());
    }
    outbox.handOut();
    for (int i = 0; i < MOST_A_STEP; i++) {
      Optional<PurgeOutbox.Claim> claim = outbox.claim(server, CdnClient.MOST_TAGS, pace, LEASE);
      if (claim.isEmpty() || !deliver(claim.get())) {
        return;
      }
    }
  }

  private boolean deliver(PurgeOutbox.Claim claim) {
    List<String> ids = claim.tags().stream().map(SurrogateKey::id).distinct().sorted().toList();
    return switch (cdnClient.purge(ids)) {
      case PurgeResult.Purged _ -> {
        outbox.delivered(claim, again);
        yield true;
      }
      case PurgeResult.Failed(String reason, Optional<Duration> asked) -> {
        Duration pause = PurgeRateLimiter.pause(claim.failures() + 1, asked);
        LOG.log(
            Level.WARNING,
            "{0} did not purge {1} tags ({2}); next try in {3} s",
            server,
            ids.size(),
            reason,
            pause.toSeconds());
        int lost = outbox.failed(claim, pause, reason, patience);
        if (lost > 0) {
          LOG.log(
              Level.ERROR,
              "{0} purges were never confirmed by {1} ({2}); what they were for has expired by now",
              lost,
              server,
              reason);
        }
        yield false;
      }
    };
  }
}
