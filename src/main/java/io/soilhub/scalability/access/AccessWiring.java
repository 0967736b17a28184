package io.soilhub.scalability.access;

import io.soilhub.scalability.platform.core.DependencyMonitor;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.http.IdempotentOperation;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.platform.settings.StartupCheck;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/// Makes the one instance of each plain class of this package.
@ApplicationScoped
class AccessWiring {

  @Produces
  @Singleton
  StartupCheck accessSettings() {
    return new StartupCheck(AccessSettings.ALL, AccessSettings::from);
  }

  @Produces
  @Singleton
  StartupCheck allowedHosts() {
    return new StartupCheck(AllowedHosts.ALL, AllowedHosts::from);
  }

  @Produces
  @Singleton
  AccessSettings access(Settings settings) {
    return AccessSettings.from(settings);
  }

  @Produces
  @Singleton
  AllowedHosts hosts(Settings settings) {
    return AllowedHosts.from(settings);
  }

  @Produces
  @Singleton
  ApiKeyStore keys(Database database) {
    return new ApiKeyStore(database);
  }

  @Produces
  @Singleton
  ApiKeyCache ring(
      ApiKeyStore keys,
      AccessSettings access,
      @Named("postgresql") DependencyMonitor postgres,
      Clock clock) {
    BooleanSupplier away = () -> postgres.state().checked() && !postgres.available();
    return new ApiKeyCache(keys, access.adminKey(), away, clock);
  }

  @Produces
  @Singleton
  ApiKeyIssuer maker(
      ApiKeyStore keys,
      IdempotentOperation operation,
      Uuid7 ids,
      Clock clock,
      RandomGenerator random) {
    return new ApiKeyIssuer(keys, operation, ids, clock, random);
  }

  @Produces
  @Singleton
  Authentication authentication(AccessSettings settings, ApiKeyCache ring) {
    return new Authentication(settings, ring);
  }

  @Produces
  @Singleton
  RequestAuthorizer requestAuthorizer(Authentication authentication, AccessSettings settings) {
    return new RequestAuthorizer(authentication, settings);
  }
}
