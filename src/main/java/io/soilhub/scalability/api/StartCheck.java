package io.soilhub.scalability.api;

import io.soilhub.scalability.platform.core.Phases;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.platform.settings.StartupCheck;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Instance;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// Ends the server before anything else starts when a variable cannot be used. A server without its
/// application would look alive to whoever started it.
@ApplicationScoped
class StartCheck {

  private static final Logger LOG = System.getLogger(StartCheck.class.getName());
  private static final int EX_CONFIG = 78;

  void check(
      @Observes @Priority(Phases.SETTINGS) Startup event,
      Settings settings,
      Instance<StartupCheck> checks) {
    try {
      // First what is wrong with a variable alone: rules probe ports and files.
      checks.forEach(check -> check.checkEach(settings));
      checks.forEach(check -> check.checkRules(settings));
    } catch (Settings.InvalidSetting e) {
      LOG.log(Level.ERROR, "The service does not start: {0}", e.getMessage());
      Runtime.getRuntime().halt(EX_CONFIG);
    }
  }
}
