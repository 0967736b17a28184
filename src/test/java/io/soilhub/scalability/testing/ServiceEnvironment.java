package io.soilhub.scalability.testing;

import java.util.HashMap;
import java.util.Map;
import org.microshed.testing.ApplicationEnvironment;

/// The environment of `@MicroShedTest` classes: one replica of the service on the PostgreSQL and
/// the Redis that the tests of this JVM share, started by the first such class and ended with the
/// JVM.
public final class ServiceEnvironment implements ApplicationEnvironment {

  private static LibertyReplica replica;

  @Override
  public void start() {
    replica();
  }

  @Override
  public String getApplicationURL() {
    return replica().uri().toString();
  }

  /// Calls of the shared replica.
  public static HttpCalls http() {
    return replica().http();
  }

  /// The shared replica. Tests that stop or kill one start their own.
  public static synchronized LibertyReplica replica() {
    if (replica == null) {
      replica =
          LibertyReplica.start("shared", variables(TestPostgres.shared(), TestRedis.shared()));
      Runtime.getRuntime().addShutdownHook(new Thread(replica::kill));
    }
    return replica;
  }

  /// The variables that point replicas at these servers, with an empty database.
  public static Map<String, String> variables(TestPostgres postgres, TestRedis redis) {
    Map<String, String> variables = new HashMap<>();
    variables.put("DATABASE_URL", postgres.newDatabase());
    variables.put("REDIS_URL", redis.url());
    return variables;
  }
}
