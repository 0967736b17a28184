package io.soilhub.scalability.platform.settings;

import static io.soilhub.scalability.platform.settings.Variable.flag;
import static io.soilhub.scalability.platform.settings.Variable.reserved;
import static io.soilhub.scalability.platform.settings.Variable.text;
import static io.soilhub.scalability.platform.settings.Variable.whole;
import static io.soilhub.scalability.platform.settings.Variable.words;

import io.soilhub.scalability.platform.settings.Variable.Use;
import io.soilhub.scalability.platform.settings.Variable.Values;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Every environment variable of the service: what it means, what holds when it is not set, and
/// what it may be. It is checked at start and is the table in README.md; who reads a variable
/// checks what this list cannot say.
public final class SettingsCatalog {

  private static final List<Variable> GENERAL =
      List.of(
          text(
              "HOST",
              "address, `*` for all",
              "127.0.0.1",
              "address to listen on; not a loopback one needs AUTH_MODE or ALLOW_ANONYMOUS"),
          whole("PORT", 1, 65535, "8000", "port to listen on"),
          text(
              "LOG_DIR",
              "path",
              "logs",
              "folder of application.log, access.log and, with GATEWAY_PORT, gateway.0.log"),
          words(
              "LOG_FORMAT",
              List.of("simple", "json"),
              "simple",
              "lines of application.log and of the console: for people, or JSON"),
          text(
              "NODE_ID",
              "letters, digits, `.` `_` `-`",
              "",
              "name of this replica; without it host name and four random letters"),
          text(
              "NODE_ADDRESS",
              "host:port",
              "",
              "where this replica is reached; without it host name and PORT"),
          text(
              "DATABASE_URL",
              "postgresql://user:password@host:port/db",
              "postgresql://soilhub:soilhub@localhost:5432/soilhub",
              "PostgreSQL, the truth"),
          whole("DATABASE_POOL_SIZE", 10, 500, "20", "connections to PostgreSQL of one replica"),
          whole(
              "DATABASE_TIMEOUT_MS",
              100,
              60_000,
              "5000",
              "longest wait for a connection to PostgreSQL, and longest that a list may be read"),
          text(
              "REDIS_URL",
              "redis://[user:password@]host:port[/db]",
              "redis://localhost:6379",
              "Redis, the fast path"),
          whole("REDIS_POOL_SIZE", 4, 1000, "32", "connections to Redis of one replica"),
          whole("REDIS_TIMEOUT_MS", 10, 60_000, "1000", "longest wait for an answer of Redis"),
          text(
              "AUTH_MODE",
              "`none`, or `api-key`, `jwt` or both with a comma",
              "none",
              "how callers prove who they are"),
          flag("ALLOW_ANONYMOUS", "false", "with AUTH_MODE none: answer other machines as well"),
          text(
              "ALLOWED_HOSTS",
              "names with commas",
              "",
              "host names to answer under besides this machine's own; without it any, but with"
                  + " AUTH_MODE none and no ALLOW_ANONYMOUS none"),
          text(
              "ADMIN_API_KEY",
              "24 characters or more",
              "",
              "a key with the role admin, to make the others with"),
          text(
              "JWT_PUBLIC_KEY_LOCATION",
              "URL or path",
              "",
              "public keys (PEM or JWKS) of the tokens' issuer"),
          text("JWT_ISSUER", "text", "", "`iss` of accepted tokens; their `groups` are the roles"),
          text("JWT_AUDIENCE", "texts with commas", "", "`aud` of accepted tokens; without it any"),
          whole(
              "MAX_CONNECTIONS",
              10,
              100_000,
              "300",
              "open connections at PORT, one more is closed at once; all of them together may hold"
                  + " half of the heap, 800 KiB each"),
          whole("MAX_BODY_BYTES", 1024, 1 << 30, "1048576", "longest body of a request"),
          whole(
              "MAX_UPLOAD_BYTES",
              1024,
              1 << 30,
              "33554432",
              "longest upload of a table: CSV, gzip or form"),
          whole(
              "GATEWAY_PORT",
              1,
              65535,
              "",
              "a second port, of the gateway alone, where a request costs less than half as much;"
                  + " without it there is none"),
          whole(
              "GATEWAY_MAX_BODY_BYTES",
              1024,
              1 << 30,
              "104857600",
              "longest body that passes through the gateway"),
          flag(
              "GATEWAY_ABORT_ON_CLOSE",
              "false",
              "at GATEWAY_PORT: give a request up when its caller closes its side of the connection"
                  + " while it waits; a reset always counts as that"),
          whole(
              "MAX_CONCURRENT_UPLOADS",
              1,
              64,
              "2",
              "tables that are received and read at the same time; one more is told to come later"),
          whole(
              "HEALTH_CHECK_INTERVAL",
              1,
              3600,
              "30",
              "seconds between two looks at a component or an instance"),
          whole("HEALTH_CHECK_TIMEOUT", 1, 60, "5", "seconds that it has to answer in"),
          whole("HEALTH_CHECK_RISE", 1, 10, "2", "good probes until an instance is healthy again"),
          whole("HEALTH_CHECK_FALL", 1, 10, "3", "bad probes until an instance is unhealthy"),
          flag("ENABLE_ASYNC_PROCESSING", "true", "background jobs"),
          whole("WORKERS_PER_QUEUE", 0, 256, "2", "workers of each queue on one replica"),
          workers("RECOMMENDATIONS"),
          workers("DATA_PROCESSING"),
          workers("BATCH_OPERATIONS"),
          workers("CLEANUP"),
          workers("NOTIFICATIONS"),
          whole("JOB_LEASE_SECONDS", 1, 300, "10", "how long a silent worker keeps its jobs"),
          whole("JOB_AGEING_SECONDS", 0, 86_400, "60", "by how much a step of priority goes ahead"),
          whole("JOB_CRASH_LIMIT", 0, 100, "3", "deaths of its worker that a job survives"),
          whole("JOB_RETRY_BASE_MS", 1, 3_600_000, "2000", "wait before the first retry; doubles"),
          whole("JOB_RETRY_MAX_SECONDS", 1, 86_400, "600", "longest wait before a retry"),
          whole("JOB_RETENTION_DAYS", 1, 3650, "7", "how long ended jobs are kept"),
          whole("SHUTDOWN_GRACE_SECONDS", 0, 600, "20", "time for running jobs at a graceful stop"),
          flag("WEBHOOK_ALLOW_PRIVATE", "false", "let webhooks call private addresses"),
          text("AGRONOMY_DATA_DIR", "path", "", "folder with datasets.json, imported at start"),
          text(
              "CDN_URL",
              "URL; of each server, with commas, for varnish",
              "",
              "where tags are purged: a Varnish, https://api.fastly.com/service/ID, or"
                  + " https://api.cloudflare.com/client/v4/zones/ID; without it there is no CDN"),
          words(
              "CDN_KIND", List.of("varnish", "fastly", "cloudflare"), "varnish", "make of the CDN"),
          text(
              "CDN_TOKEN",
              "printable ASCII",
              "",
              "API token; for varnish, if set, the bearer token of a purge"),
          text("CDN_PURGES_PER_SECOND", "0.01 to 1000", "5", "requests of all replicas together"),
          whole("CDN_REPURGE_SECONDS", 0, 60, "2", "when a tag is purged again; 0 for never"),
          flag("CDN_SOFT_PURGE", "false", "make stale instead of removing; not with cloudflare"),
          whole("CDN_TTL_SECONDS", 1, 86_400, "300", "how long the CDN may keep an answer"),
          whole(
              "CDN_STALE_SECONDS",
              0,
              86_400,
              "0",
              "how long it, or a browser, may then give the old one while asking for the new"),
          flag(
              "CDN_PUBLIC",
              "false",
              "with AUTH_MODE: let the CDN give catalog answers to anyone, credentials or not"),
          flag("ENABLE_LOAD_BALANCING", "true", "registry of instances and gateway"),
          new Variable(
              "LOAD_BALANCING_STRATEGY",
              new Values.Words(
                  List.of(
                      "round_robin",
                      "weighted_round_robin",
                      "least_connections",
                      "least_response_time",
                      "consistent_hash")),
              "least_response_time",
              "strategy of services without a policy of their own",
              Use.READ),
          text(
              "INSTANCES",
              "`[service/]id=host:port[*weight][@zone]`, with commas",
              "",
              "instances that are always registered"),
          text(
              "INSTANCE_ALLOWED_CIDRS",
              "ranges with commas",
              "127.0.0.0/8,::1/128,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7",
              "addresses that instances may have; never link-local and metadata ones"),
          text("KUBERNETES_SERVICES", "names with commas", "", "services to follow in Kubernetes"),
          text("KUBERNETES_NAMESPACE", "name", "default", "namespace of those services"),
          text(
              "KUBERNETES_API_URL",
              "https://host:port",
              "",
              "Kubernetes API; without it that of the cluster that the replica runs in, outside of"
                  + " any that of KUBECONFIG"),
          text(
              "KUBECONFIG",
              "path",
              "",
              "kubeconfig file, for replicas outside of the cluster; its namespace is the default"
                  + " one"),
          text(
              "KUBERNETES_TOKEN_FILE",
              "path",
              "/var/run/secrets/kubernetes.io/serviceaccount/token",
              "token for it, read again for each request"),
          text(
              "KUBERNETES_CA_FILE",
              "path",
              "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt",
              "certificates to trust there"),
          text("ZONE", "letters, digits, `.` `_` `-`", "", "where this replica stands"),
          text(
              "TRUSTED_PROXY_CIDRS",
              "ranges with commas",
              "",
              "peers whose Forwarded and X-Forwarded-* the gateway believes"),
          flag("ENABLE_AUTO_SCALING", "true", "shown on /status"),
          flag("ENABLE_CAPACITY_PLANNING", "true", "shown on /status"),
          flag("ENABLE_FAULT_TOLERANCE", "true", "shown on /status"),
          reserved("MAX_INSTANCES", new Values.Whole(1, 10_000), "10", "largest fleet"),
          reserved("MIN_INSTANCES", new Values.Whole(0, 10_000), "2", "smallest fleet"),
          reserved(
              "BACKUP_INTERVAL_HOURS", new Values.Whole(1, 8760), "6", "hours between two backups"),
          reserved(
              "BACKUP_RETENTION_DAYS",
              new Values.Whole(1, 3650),
              "30",
              "days that a backup is kept"),
          reserved(
              "METRICS_AUTH",
              new Values.Words(List.of("false")),
              "false",
              "credentials for /metrics and /openapi: not possible yet, so true is refused"));

  static final List<Variable> ALL =
      Stream.of(GENERAL, CacheVariables.ALL, MonitorVariables.ALL).flatMap(List::stream).toList();

  private SettingsCatalog() {}

  /// @throws Settings.InvalidSetting for the first variable that holds what it may not
  public static void check(Settings settings) {
    ALL.forEach(variable -> variable.check(settings));
  }

  /// The table as Markdown.
  static String table() {
    return ALL.stream()
        .map(Variable::row)
        .collect(
            Collectors.joining(
                "\n", "| variable | default | allowed | meaning |\n|---|---|---|---|\n", "\n"));
  }

  private static Variable workers(String queue) {
    String meaning = "workers of this queue, instead of WORKERS_PER_QUEUE";
    return whole("WORKERS_" + queue, 0, 256, "", meaning);
  }
}
