package io.soilhub.scalability.api;

import io.soilhub.scalability.platform.Availability;
import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.platform.Json;
import io.soilhub.scalability.platform.Leadership;
import io.soilhub.scalability.platform.Problem;
import io.soilhub.scalability.platform.Ticker;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/// Makes the one instance of each plain class of this package.
@ApplicationScoped
class Wiring {

  @Produces
  @Singleton
  RequestMeter meter(Ticker ticker, MetricRegistry metrics) {
    List<Counter> byClass =
        Stream.of("1xx", "2xx", "3xx", "4xx", "5xx")
            .map(status -> metrics.counter("soilhub_http_answers", new Tag("status", status)))
            .toList();
    return new RequestMeter(
        ticker, status -> byClass.get(Math.clamp(status / 100L, 1, 5) - 1).inc());
  }

  void gauges(
      @Observes @Priority(200) Startup event,
      MetricRegistry metrics,
      RequestMeter meter,
      Leadership leadership,
      @Named("postgresql") Availability postgres,
      @Named("redis") Availability redis) {
    metrics.gauge("soilhub_http_active", meter, m -> m.counts().active());
    metrics.gauge("soilhub_leader", leadership, l -> l.isLeader() ? 1 : 0);
    for (Availability dependency : List.of(postgres, redis)) {
      Tag name = new Tag("name", dependency.name());
      metrics.gauge("soilhub_dependency_up", dependency, d -> d.available() ? 1 : 0, name);
    }
  }

  @Produces
  @Singleton
  Problem.Page problems() {
    return (problem, path, requestId) ->
        Json.write(Failure.of(problem).body(path, requestId)).getBytes(StandardCharsets.UTF_8);
  }

  @Produces
  @Singleton
  RepeatableRequests repeatable(Database database) {
    return new RepeatableRequests(database);
  }
}
