package io.soilhub.scalability.balancing.fleet;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.http.Violations;
import java.util.regex.Pattern;

/// Where one instance of a service is, as it was registered.
///
/// @param host name or address, without brackets
/// @param healthEndpoint path that its probes ask for
/// @param weight 1 to 100: its share against others of its service
/// @param zone where it stands; empty when nowhere in particular
/// @param metricsEndpoint path of its figures; empty when it has none
public record InstanceSpec(
    String instanceId,
    String service,
    String host,
    int port,
    String healthEndpoint,
    int weight,
    String zone,
    String metricsEndpoint) {

  public static final String DEFAULT_SERVICE = "default";
  public static final String DEFAULT_HEALTH_ENDPOINT = "/health";
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");
  private static final Pattern SERVICE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
  private static final Pattern NAME =
      Pattern.compile(
          "(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?(\\.[A-Za-z0-9_-]+)*\\.?");
  private static final Pattern IPV6 = Pattern.compile("(?=.*:)[0-9A-Fa-f:.]{2,45}");
  private static final Pattern PATH = Pattern.compile("/[!-~]{0,511}");
  private static final Pattern ZONE = Pattern.compile("[A-Za-z0-9._-]{0,64}");

  /// @throws Problem of kind INVALID with everything that is wrong
  public InstanceSpec {
    Violations violations = new Violations();
    check(
        violations,
        ID,
        instanceId,
        "instance_id",
        "1 to 128 letters, digits, '.', '_', ':' or '-'");
    check(violations, SERVICE, service, "service", "1 to 63 letters, digits, '.', '_' or '-'");
    violations.requireMember(
        NAME.matcher(host).matches() || IPV6.matcher(host).matches(),
        "host",
        "must be a host name or an IP address");
    violations.requireMember(port >= 1 && port <= 65_535, "port", "must be from 1 to 65535");
    check(violations, PATH, healthEndpoint, "health_endpoint", "a path that begins with '/'");
    violations.requireMember(weight >= 1 && weight <= 100, "weight", "must be from 1 to 100");
    check(violations, ZONE, zone, "zone", "at most 64 letters, digits, '.', '_' or '-'");
    if (!metricsEndpoint.isEmpty()) {
      check(violations, PATH, metricsEndpoint, "metrics_endpoint", "a path that begins with '/'");
    }
    violations.raise();
  }

  private static void check(
      Violations violations, Pattern pattern, String value, String name, String allowed) {
    violations.requireMember(pattern.matcher(value).matches(), name, "must be " + allowed);
  }

  /// Host and port as a URL writes them.
  public String authority() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
