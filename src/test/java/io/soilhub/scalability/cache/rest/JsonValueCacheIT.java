package io.soilhub.scalability.cache.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.soilhub.scalability.cache.tiers.CacheSettings;
import io.soilhub.scalability.cache.tiers.DataType;
import io.soilhub.scalability.cache.tiers.DistributedCache;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.testing.TestPostgres;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class JsonValueCacheIT {

  @Test
  void aCacheThatIsTurnedOffRefusesAllCalls() {
    try (Database database = TestPostgres.open(TestPostgres.shared().newDatabase())) {
      database.migrate();
      DistributedCache.Stores stores = DistributedCache.Stores.in(database, () -> true);
      Settings off = Settings.from(Map.of("ENABLE_DISTRIBUTED_CACHE", "false"));
      try (DistributedCache cache =
          new DistributedCache(
              CacheSettings.from(off), stores, "off", Ticker.system(), new Random(1))) {
        JsonValueCache values = new JsonValueCache(cache);

        assertDisabled(() -> values.read(DataType.GENERAL, "a"));
        assertDisabled(
            () -> values.put(DataType.GENERAL, "a", JsonText.NULL, Optional.empty(), Set.of()));
        assertDisabled(() -> values.delete(DataType.GENERAL, "a"));
        assertDisabled(() -> values.invalidate(Set.of("a")));
        assertDisabled(values::statistics);
      }
    }
  }

  private static void assertDisabled(ThrowingCallable call) {
    Problem problem = catchThrowableOfType(Problem.class, call);
    assertThat(problem.kind()).isEqualTo(Problem.Kind.UNAVAILABLE);
    assertThat(problem.type()).isEqualTo("component-disabled");
  }
}
