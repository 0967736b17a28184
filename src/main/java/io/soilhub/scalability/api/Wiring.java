package io.soilhub.scalability.api;

import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.platform.Ticker;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// Makes the one instance of each plain class of this package.
@ApplicationScoped
class Wiring {

  @Produces
  @Singleton
  RequestMeter meter(Ticker ticker) {
    return new RequestMeter(ticker);
  }

  @Produces
  @Singleton
  RepeatableRequests repeatable(Database database) {
    return new RepeatableRequests(database);
  }
}
