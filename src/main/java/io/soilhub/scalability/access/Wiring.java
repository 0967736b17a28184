package io.soilhub.scalability.access;

import io.soilhub.scalability.platform.Availability;
import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.platform.Operation;
import io.soilhub.scalability.platform.Settings;
import io.soilhub.scalability.platform.StartupCheck;
import io.soilhub.scalability.platform.Uuid7;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/// Makes the one instance of each plain class of this package.
@ApplicationScoped
class Wiring {

  @Produces
  @Singleton
  StartupCheck check() {
    return AllowedHosts::from;
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
  ApiKeys keys(Database database) {
    return new ApiKeys(database);
  }

  @Produces
  @Singleton
  KeyRing ring(
      ApiKeys keys,
      AccessSettings access,
      @Named("postgresql") Availability postgres,
      Clock clock) {
    BooleanSupplier away = () -> postgres.state().checked() && !postgres.available();
    return new KeyRing(keys, access.adminKey(), away, clock);
  }

  @Produces
  @Singleton
  KeyMaker maker(
      ApiKeys keys, Operation operation, Uuid7 ids, Clock clock, RandomGenerator random) {
    return new KeyMaker(keys, operation, ids, clock, random);
  }

  @Produces
  @Singleton
  Authentication authentication(AccessSettings settings, KeyRing ring) {
    return new Authentication(settings, ring);
  }

  @Produces
  @Singleton
  Entrance entrance(Authentication authentication, AccessSettings settings) {
    return new Entrance(authentication, settings);
  }
}
