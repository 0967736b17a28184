package io.soilhub.scalability.bench.monitor;

import io.soilhub.scalability.telemetry.metrics.RequestMeter;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessAnnotatedType;
import jakarta.enterprise.inject.spi.ProcessProducer;
import jakarta.enterprise.inject.spi.configurator.AnnotatedMethodConfigurator;
import java.util.Set;

/// Turns the monitor off in a copy of the WAR: no request, no statement and no command is timed,
/// and nothing is sampled, saved, watched or evaluated. What is left is the counting of requests
/// under way and of their answers.
public class WithoutMonitor implements Extension {

  private static final String PACKAGES = "io.soilhub.scalability.";

  private static final Set<String> LOOPS =
      Set.of(
          PACKAGES + "monitoring.Wiring",
          PACKAGES + "performance.Wiring",
          PACKAGES + "watch.Wiring",
          PACKAGES + "alerts.Wiring");

  /// The start of these beans begins their loops: it is not told of the server's.
  <T> void loops(@Observes ProcessAnnotatedType<T> type) {
    if (LOOPS.contains(type.getAnnotatedType().getJavaClass().getName())) {
      type.configureAnnotatedType()
          .filterMethods(method -> "start".equals(method.getJavaMember().getName()))
          .forEach(WithoutMonitor::unobserve);
    }
  }

  private static void unobserve(AnnotatedMethodConfigurator<?> method) {
    method.params().forEach(p -> p.remove(a -> a.annotationType() == Observes.class));
  }

  <T> void requests(@Observes ProcessProducer<T, RequestMeter> producer) {
    producer
        .configureProducer()
        .produceWith(_ -> new RequestMeter(() -> 0, new IgnoredOperations()));
  }
}
