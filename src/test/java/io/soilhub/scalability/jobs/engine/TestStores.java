package io.soilhub.scalability.jobs.engine;

import io.soilhub.scalability.testing.TestPostgres;
import io.soilhub.scalability.testing.TestRedis;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// What the engines of a test class work on: a Redis of the class, empty before each test, and a
/// new database for each.
final class TestStores implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {

  private TestRedis redis;
  private String url;

  @Override
  public void beforeAll(ExtensionContext context) {
    redis = TestRedis.start();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    redis.flushAll();
    url = TestPostgres.shared().newDatabase();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    redis.close();
  }

  TestRedis redis() {
    return redis;
  }

  /// DATABASE_URL of the test's database.
  String url() {
    return url;
  }
}
