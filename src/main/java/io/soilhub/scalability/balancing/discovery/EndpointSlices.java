package io.soilhub.scalability.balancing.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.balancing.fleet.Instance;
import io.soilhub.scalability.balancing.fleet.InstanceSpec;
import io.soilhub.scalability.platform.core.Problem;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The slices that are there (`discovery.k8s.io/v1`), and the instances in them. An endpoint that
/// is ready is an instance; one that is ending and still serves drains; others are none. A pod
/// behind two services is an instance of each, with an id and a history of its own.
final class EndpointSlices {

  private static final Logger LOG = System.getLogger(EndpointSlices.class.getName());
  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final int LONGEST_ID = 128;
  private static final String SERVICE = "kubernetes.io/service-name";

  private final Map<String, List<Instance>> byName = new LinkedHashMap<>();

  void clear() {
    byName.clear();
  }

  void put(JsonNode slice, Instant now) {
    byName.put(name(slice), read(slice, now));
  }

  void remove(JsonNode slice) {
    byName.remove(name(slice));
  }

  /// While an endpoint moves from one slice to another it may be in both.
  List<Instance> instances() {
    Map<String, Instance> all = new LinkedHashMap<>();
    byName.values().forEach(of -> of.forEach(i -> all.putIfAbsent(i.id(), i)));
    return List.copyOf(all.values());
  }

  private static List<Instance> read(JsonNode slice, Instant now) {
    List<Instance> instances = new ArrayList<>();
    int port = port(slice);
    String service = slice.path("metadata").path("labels").path(SERVICE).asText();
    for (JsonNode endpoint : slice.path("endpoints")) {
      JsonNode conditions = endpoint.path("conditions");
      boolean ready = conditions.path("ready").asBoolean(true);
      boolean ending = conditions.path("terminating").asBoolean(false);
      boolean serving = conditions.path("serving").asBoolean(ready);
      if (port > 0 && (ending ? serving : ready)) {
        Optional<Instant> drain = ending ? Optional.of(now.plus(GRACE)) : Optional.empty();
        target(endpoint, service, port)
            .map(instanceSpec -> new Instance(instanceSpec, Instance.Source.KUBERNETES, now, drain))
            .ifPresent(instances::add);
      }
    }
    return instances;
  }

  private static Optional<InstanceSpec> target(JsonNode endpoint, String service, int port) {
    String address = endpoint.path("addresses").path(0).asText();
    String pod = endpoint.path("targetRef").path("name").asText(address);
    String id = id(service, pod, port, address);
    String zone = endpoint.path("zone").asText();
    try {
      return Optional.of(
          new InstanceSpec(
              id, service, address, port, InstanceSpec.DEFAULT_HEALTH_ENDPOINT, 1, zone, ""));
    } catch (Problem e) {
      LOG.log(Level.WARNING, "endpoint {0} is left out: {1}", id, e.getMessage());
      return Optional.empty();
    }
  }

  /// Names of services have no dots, so that an id says where the pod's begins. An address stands
  /// in for a pod's name that would not fit.
  private static String id(String service, String pod, int port, String address) {
    String id = service + "." + pod + ":" + port;
    return id.length() <= LONGEST_ID ? id : service + "." + address + ":" + port;
  }

  /// The port named http, else the first; of TCP.
  private static int port(JsonNode slice) {
    int first = 0;
    for (JsonNode port : slice.path("ports")) {
      if (!port.path("protocol").asText("TCP").equals("TCP")) {
        continue;
      }
      if (port.path("name").asText().equals("http")) {
        return port.path("port").asInt();
      }
      first = first == 0 ? port.path("port").asInt() : first;
    }
    return first;
  }

  private static String name(JsonNode slice) {
    return slice.path("metadata").path("name").asText();
  }
}
