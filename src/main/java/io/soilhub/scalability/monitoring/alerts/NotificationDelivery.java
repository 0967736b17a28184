package io.soilhub.scalability.monitoring.alerts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.notifications.Channels;
import io.soilhub.scalability.jobs.notifications.Delivery;
import io.soilhub.scalability.jobs.notifications.Delivery.Delivered;
import io.soilhub.scalability.jobs.notifications.Delivery.Failed;
import io.soilhub.scalability.jobs.notifications.Delivery.Refused;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/// Sends the notices that an outbox owes. Each receiver has a thread of his own, which sends one
/// notice after another, so that a slow one delays nobody else. The notices of one rule go to a
/// receiver in the order in which they were written: the next waits until the one before is taken,
/// refused or too old. Notices of other rules do not wait for one that fails again and again.
///
/// The leader sends at once. What it leaves, because it lacks the channel or stands still, any
/// other replica sends after [#TAKEOVER]. A sender that dies may have sent: the notice comes again
/// under the same id.
final class NotificationDelivery {

  /// A notice for one receiver.
  ///
  /// @param id of version 7, the same in every repeat
  /// @param receiver the channel, and after a colon who is told over it
  /// @param message as a payload of a `notification` job
  record Owed(UUID id, String receiver, String rule, ObjectNode message) {}

  /// One try to send a notice, which nobody else makes meanwhile.
  ///
  /// @param number 1 for the first
  record Attempt(UUID id, String receiver, ObjectNode message, int number) {}

  /// Holds notices until they are sent.
  interface Outbox {

    /// Those to whom a notice can be sent now.
    ///
    /// @param channels that this replica has
    /// @param patience how long a notice has been left by the replica whose turn it is
    List<String> due(Set<String> channels, Duration patience);

    /// Takes the oldest notice whose turn it is, for [#LEASE].
    Optional<Attempt> claim(String receiver, Duration patience);

    /// Forgets a notice.
    void done(UUID id);

    /// Gives a notice back, to be tried again after the pause.
    void retry(UUID id, Duration pause);
  }

  /// Sends a message once.
  interface Sender {
    Delivery send(UUID id, ObjectNode message) throws IOException, InterruptedException;
  }

  static final Duration LEASE = Channels.LONGEST_SEND.multipliedBy(2);
  static final Duration TAKEOVER = Duration.ofSeconds(15);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
  private static final int MOST_DOUBLINGS = 10;

  /// Tries after which a refusal is believed. Before, another replica may send it that has newer
  /// settings already, as in a rolling change of an address or a secret.
  static final int MOST_REFUSALS = 5;

  private static final Logger LOG = System.getLogger(NotificationDelivery.class.getName());

  private final Outbox outbox;
  private final Sender sender;
  private final Set<String> channels;
  private final Executor threads;
  private final Set<String> served = ConcurrentHashMap.newKeySet();

  /// @param channels that the sender has
  /// @param threads one for each receiver that is sent to
  NotificationDelivery(Outbox outbox, Sender sender, Set<String> channels, Executor threads) {
    this.outbox = outbox;
    this.sender = sender;
    this.channels = Set.copyOf(channels);
    this.threads = threads;
  }

  /// Begins to send what is due. To be called about once a second.
  ///
  /// @param leads whether it is this replica's turn
  void step(boolean leads) {
    Duration patience = leads ? Duration.ZERO : TAKEOVER;
    for (String receiver : outbox.due(channels, patience)) {
      if (served.add(receiver)) {
        threads.execute(() -> serve(receiver, patience));
      }
    }
  }

  /// How long to wait after that many tries.
  static Duration pause(int attempts) {
    Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.clamp(attempts - 1, 0, MOST_DOUBLINGS));
    return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }

  private void serve(String receiver, Duration patience) {
    try {
      Optional<Attempt> next = outbox.claim(receiver, patience);
      while (next.isPresent()) {
        settle(next.get(), sent(next.get()));
        next = outbox.claim(receiver, patience);
      }
    } catch (InterruptedException _) {
      // The replica stops. Whoever leads next sends the notice when its lease is over.
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "notices for {0} wait: {1}", receiver, e.getMessage());
    } finally {
      served.remove(receiver);
    }
  }

  private Delivery sent(Attempt attempt) throws InterruptedException {
    try {
      return sender.send(attempt.id(), attempt.message());
    } catch (IOException | RuntimeException | LinkageError e) {
      return new Failed("UNREACHABLE", e.toString());
    }
  }

  private void settle(Attempt attempt, Delivery delivery) {
    switch (delivery) {
      case Delivered _ -> outbox.done(attempt.id());
      case Refused refused when attempt.number() < MOST_REFUSALS -> {
        LOG.log(
            Level.WARNING,
            "notice {0} is refused by {1} and tried again: {2}",
            attempt.id(),
            attempt.receiver(),
            refused.reason());
        outbox.retry(attempt.id(), pause(attempt.number()));
      }
      case Refused refused -> {
        LOG.log(
            Level.ERROR,
            "notice {0} is refused by {1} and dropped: {2}",
            attempt.id(),
            attempt.receiver(),
            refused.reason());
        outbox.done(attempt.id());
      }
      case Failed failed -> {
        // Once is enough: a receiver that is away for an hour need not be said so at every try.
        LOG.log(
            attempt.number() == 1 ? Level.WARNING : Level.DEBUG,
            "notice {0} does not reach {1} and is tried again: {2}",
            attempt.id(),
            attempt.receiver(),
            failed.reason());
        outbox.retry(attempt.id(), pause(attempt.number()));
      }
    }
  }
}
