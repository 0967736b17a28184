package io.soilhub.scalability.cache.postgres;

import io.soilhub.scalability.platform.postgres.Database;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// Makes the one instance of each plain class of this package.
@ApplicationScoped
class CacheStoreWiring {

  @Produces
  @Singleton
  PostgresEntries entries(Database database) {
    return new PostgresEntries(database);
  }

  @Produces
  @Singleton
  InvalidationOutbox outbox(Database database, PostgresEntries entries) {
    return new InvalidationOutbox(database, entries);
  }
}
