package io.soilhub.scalability.alerts;

import io.soilhub.scalability.notifications.Channels;
import io.soilhub.scalability.platform.Availability;
import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.platform.Leadership;
import io.soilhub.scalability.platform.Loop;
import io.soilhub.scalability.platform.Node;
import io.soilhub.scalability.platform.Settings;
import io.soilhub.scalability.platform.StartupCheck;
import io.soilhub.scalability.platform.Ticker;
import io.soilhub.scalability.platform.Uuid7;
import io.soilhub.scalability.resilience.ComponentProbe;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Makes the one instance of each plain class of this package, evaluates the rules while this
/// replica leads, and sends what is owed.
@ApplicationScoped
class Wiring {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration FORGET = Duration.ofMinutes(10);
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Loop> loops = new ArrayList<>();

  @Produces
  @Singleton
  StartupCheck check() {
    return AlertSettings::from;
  }

  @Produces
  @Singleton
  Alerts alerts(Database database, Uuid7 ids) {
    return new Alerts(database, ids);
  }

  @Produces
  @Singleton
  AlertEvaluation evaluation(
      Database database, @Any Instance<Signals> signals, Settings settings, Uuid7 ids, Node node) {
    List<Signals> all = signals.stream().toList();
    return new AlertEvaluation(database, all, AlertSettings.from(settings), ids, node.id());
  }

  @Produces
  @Singleton
  MemoryOutbox memory(Ticker ticker) {
    return new MemoryOutbox(ticker);
  }

  @Produces
  @Singleton
  DatabaseOutage outage(
      Database database,
      AlertEvaluation evaluation,
      MemoryOutbox memory,
      Settings settings,
      Uuid7 ids,
      Clock clock,
      Ticker ticker,
      Node node) {
    AlertSettings all = AlertSettings.from(settings);
    return new DatabaseOutage(
        database, evaluation::last, all, memory, ids, clock, ticker, node.id());
  }

  @Produces
  @Singleton
  ComponentProbe probe(
      Database database,
      @Named("postgresql") Availability postgres,
      Settings settings,
      Ticker ticker) {
    Duration interval = AlertSettings.from(settings).interval();
    return new EvaluationProbe(database, postgres::available, interval, ticker);
  }

  void start(
      @Observes @Priority(2000) Startup event,
      AlertEvaluation evaluation,
      DatabaseOutage outage,
      MemoryOutbox memory,
      Channels channels,
      Database database,
      Leadership leadership,
      @Named("postgresql") Availability postgres) {
    loops.add(
        Loop.every(
            SECOND,
            "alerts",
            () -> {
              if (postgres.available() && leadership.isLeader()) {
                evaluation.step();
              }
            }));
    // Apart: what is owed is sent also while rules cannot be evaluated.
    NoticeDelivery delivery = delivery(new AlertOutbox(database), channels);
    loops.add(
        Loop.every(
            SECOND,
            "alerts-delivery",
            () -> {
              if (postgres.available()) {
                delivery.step(leadership.isLeader());
              }
            }));
    // Apart: the others may be waiting for the database that is away.
    NoticeDelivery fromMemory = delivery(memory, channels);
    loops.add(
        Loop.every(
            SECOND,
            "alerts-outage",
            () -> {
              boolean available = postgres.available();
              outage.step(available, leadership.isLeader());
              if (!available) {
                fromMemory.step(true);
              }
            }));
    loops.add(
        Loop.every(
            FORGET,
            "alerts-forget",
            () -> {
              if (postgres.available() && leadership.isLeader()) {
                evaluation.forget();
              }
            }));
  }

  void stop(@Observes @Priority(100) Shutdown event) {
    loops.forEach(Loop::close);
    // What is being sent may end: else it comes again when its lease is over.
    senders.shutdown();
    try {
      if (!senders.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        senders.shutdownNow();
      }
    } catch (InterruptedException _) {
      senders.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private NoticeDelivery delivery(NoticeDelivery.Outbox outbox, Channels channels) {
    return new NoticeDelivery(outbox, channels::send, channels.ofAlerts(), senders);
  }
}
