package io.soilhub.scalability.discovery;

import io.soilhub.scalability.balancing.BalancingSettings;
import io.soilhub.scalability.balancing.InstanceSource;
import io.soilhub.scalability.platform.Loop;
import io.soilhub.scalability.platform.Settings;
import io.soilhub.scalability.platform.StartupCheck;
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
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// Follows Kubernetes when it is told which services to follow.
@ApplicationScoped
class Wiring {

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private Optional<Loop> loop = Optional.empty();

  @Produces
  @Singleton
  StartupCheck check() {
    return KubernetesSettings::from;
  }

  @Produces
  @Singleton
  @Typed({SliceWatch.class, InstanceSource.class})
  SliceWatch watch(Settings settings, Clock clock) {
    KubernetesSettings kubernetes = KubernetesSettings.from(settings);
    return new SliceWatch(kubernetes, () -> client(kubernetes), clock);
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
      @Observes @Priority(1400) Startup event,
      Settings settings,
      BalancingSettings balancing,
      SliceWatch watch) {
    if (balancing.enabled() && !KubernetesSettings.from(settings).services().isEmpty()) {
      loop = Optional.of(Loop.every(PAUSE, "endpoint-slices", watch::step));
    }
  }

  void stop(@Observes @Priority(100) Shutdown event) {
    loop.ifPresent(Loop::close);
  }
}
