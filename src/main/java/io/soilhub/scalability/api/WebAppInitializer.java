package io.soilhub.scalability.api;

import io.soilhub.scalability.access.AllowedHosts;
import io.soilhub.scalability.api.RequestLimits.UploadSlots;
import io.soilhub.scalability.platform.core.Node;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.telemetry.logging.JsonLogWriter;
import io.soilhub.scalability.telemetry.logging.RequestIdLogHandler;
import io.soilhub.scalability.telemetry.metrics.RequestMeter;
import io.soilhub.scalability.telemetry.tracing.Tracing;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.util.EnumSet;
import java.util.logging.Logger;

/// Puts the request frame around the whole WAR, and the front page behind it.
public class WebAppInitializer implements ServletContextListener {

  private final Settings settings;
  private final Uuid7 ids;
  private final AllowedHosts hosts;
  private final RequestMeter meter;
  private final Provider<Node> node;
  private final Tracing tracing;

  @Inject
  public WebAppInitializer(
      Settings settings,
      Uuid7 ids,
      AllowedHosts hosts,
      RequestMeter meter,
      Provider<Node> node,
      Tracing tracing) {
    this.settings = settings;
    this.node = node;
    this.tracing = tracing;
    this.ids = ids;
    this.hosts = hosts;
    this.meter = meter;
  }

  @Override
  public void contextInitialized(ServletContextEvent event) {
    RequestIdLogHandler.install(
        Logger.getLogger(""), JsonLogWriter.from(settings, () -> node.get().id(), tracing));
    UploadSlots uploads = UploadSlots.from(settings);
    RequestContextFilter frame =
        new RequestContextFilter(ids, RequestLimits.from(settings), uploads, hosts, meter);
    FilterRegistration.Dynamic filter = event.getServletContext().addFilter("request-frame", frame);
    filter.setAsyncSupported(true);
    filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
    FilterRegistration.Dynamic front =
        event.getServletContext().addFilter("front-page", new RootRedirectFilter());
    front.setAsyncSupported(true);
    front.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/*");
  }

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    RequestIdLogHandler.uninstall(Logger.getLogger(""));
  }
}
