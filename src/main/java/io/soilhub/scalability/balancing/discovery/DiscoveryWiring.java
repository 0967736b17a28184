package io.soilhub.scalability.balancing.discovery;

import io.soilhub.scalability.balancing.registry.BalancingSettings;
import io.soilhub.scalability.balancing.registry.InstanceSource;
import io.soilhub.scalability.platform.core.PeriodicTasks;
import io.soilhub.scalability.platform.core.Phases;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.platform.settings.StartupCheck;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/// Follows Kubernetes when it is told which services to follow.
@ApplicationScoped
class DiscoveryWiring {

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private final PeriodicTasks tasks = new PeriodicTasks();

  @Produces
  @Singleton
  StartupCheck check() {
    return new StartupCheck(KubernetesSettings.ALL, KubernetesSettings::from);
  }

  @Produces
  @Singleton
  @Typed({EndpointSliceWatcher.class, InstanceSource.class})
  EndpointSliceWatcher watch(Settings settings, Clock clock) {
    KubernetesSettings kubernetes = KubernetesSettings.from(settings);
    return new EndpointSliceWatcher(kubernetes, () -> client(kubernetes), clock);
  }

  static HttpClient client(KubernetesSettings kubernetes) {
    try {
      SSLContext context = kubernetes.api().context();
      return HttpClient.newBuilder().sslContext(context).connectTimeout(CONNECT).build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("checked at the start", e);
    }
  }

  void start(
      @Observes @Priority(Phases.BALANCING) Startup event,
      Settings settings,
      BalancingSettings balancing,
      EndpointSliceWatcher watch) {
    if (balancing.enabled() && !KubernetesSettings.from(settings).services().isEmpty()) {
      tasks.every(PAUSE, "endpoint-slices", watch::step);
    }
  }

  void stop(@Observes @Priority(Phases.STOP - Phases.BALANCING) Shutdown event) {
    tasks.close();
  }
}
