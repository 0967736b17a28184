package io.soilhub.scalability.balancing.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.soilhub.scalability.balancing.fleet.Fleet;
import io.soilhub.scalability.balancing.fleet.FleetContext;
import io.soilhub.scalability.balancing.fleet.Instance;
import io.soilhub.scalability.balancing.fleet.Instance.Source;
import io.soilhub.scalability.balancing.strategies.SharedRandom;
import io.soilhub.scalability.balancing.strategies.StrategyName;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Against a small server that speaks the list and watch of the Kubernetes API.
class EndpointSliceWatcherTest {

  private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
  @TempDir private Path folder;
  private final Deque<String> answers = new ArrayDeque<>();
  private final List<String> asked = new ArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    serve(server);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void aListThenChangesMakeTheInstances() throws IOException {
    Files.writeString(folder.resolve("token"), "secret\n");
    answers.add(list("7", slice("s1", endpoint("pod-1", "10.0.0.1", true, false)), ""));
    answers.add(
        event("ADDED", "8", slice("s2", endpoint("pod-2", "10.0.0.2", true, false)))
            + event("MODIFIED", "9", slice("s1", endpoint("pod-1", "10.0.0.1", false, true)))
            + event("BOOKMARK", "12", "{\"metadata\":{}}"));
    EndpointSliceWatcher watch = watch(HttpClient.newHttpClient(), "http");
    watch.step();
    assertThat(watch.instances())
        .extracting(Instance::id)
        .containsExactly("search.pod-1:8080", "search.pod-2:8080");
    assertThat(watch.instances().getFirst().drainUntil()).isPresent();
    assertThat(watch.instances().getLast().drainUntil()).isEmpty();
    assertThat(watch.instances().getLast().target().zone()).isEqualTo("east");
    assertThat(watch.instances().getLast().target().service()).isEqualTo("search");
    assertThat(watch.instances().getLast().source()).isEqualTo(Source.KUBERNETES);
    assertThat(asked.getFirst())
        .contains("/namespaces/crops/endpointslices")
        .contains("service-name+in+%28search%29")
        .endsWith(" Bearer secret");
    assertThat(asked.getLast()).contains("watch=1").contains("resourceVersion=7");
    answers.add(event("DELETED", "13", slice("s2", "")));
    watch.step();
    assertThat(watch.instances()).extracting(Instance::id).containsExactly("search.pod-1:8080");
    assertThat(asked.getLast()).contains("resourceVersion=12");
  }

  /// As kube-proxy does (KEP-1669): in a rollout the last pod of the old set may still serve when
  /// no new one is ready.
  @Test
  void thePodThatEndsGetsRequestsWhenNoOtherIsReady() {
    String ending = endpoint("pod-1", "10.0.0.1", false, true);
    String ready = endpoint("pod-2", "10.0.0.2", true, false);
    answers.add(list("7", slice("s1", ending), ""));
    answers.add("");
    EndpointSliceWatcher watch = watch(HttpClient.newHttpClient(), "http");
    watch.step();
    assertThat(chosen(watch)).isEqualTo("search.pod-1:8080");
    answers.add(event("MODIFIED", "8", slice("s1", ending + "," + ready)));
    watch.step();
    assertThat(chosen(watch)).isEqualTo("search.pod-2:8080");
  }

  private static String chosen(EndpointSliceWatcher watch) {
    Fleet fleet =
        new Fleet(
            new FleetContext("", () -> 1, new SharedRandom(1), List.of(), List.of()),
            StrategyName.LEAST_CONNECTIONS);
    fleet.apply(watch.instances(), Map.of());
    return fleet.pool("search").orElseThrow().begin(0).instance().id();
  }

  @Test
  void aVersionThatIsTooOldBeginsWithAListAgain() {
    answers.add(list("7", slice("s1", endpoint("pod-1", "10.0.0.1", true, false)), ""));
    answers.add(event("ERROR", "", "{\"code\":410,\"metadata\":{}}"));
    EndpointSliceWatcher watch = watch(HttpClient.newHttpClient(), "http");
    watch.step();
    answers.add(list("20", slice("s3", endpoint("pod-3", "10.0.0.3", true, false)), ""));
    answers.add("");
    watch.step();
    assertThat(watch.instances()).extracting(Instance::id).containsExactly("search.pod-3:8080");
  }

  @Test
  void longListsComeInPages() {
    answers.add(list("7", slice("s1", endpoint("pod-1", "10.0.0.1", true, false)), "more"));
    answers.add(list("7", slice("s2", endpoint("pod-2", "10.0.0.2", true, false)), ""));
    answers.add("");
    EndpointSliceWatcher watch = watch(HttpClient.newHttpClient(), "http");
    watch.step();
    assertThat(watch.instances()).hasSize(2);
    assertThat(asked.get(1)).contains("continue=more");
  }

  @Test
  void withTheServerAwayTheLastInstancesStay() {
    answers.add(list("7", slice("s1", endpoint("pod-1", "10.0.0.1", true, false)), ""));
    answers.add("");
    EndpointSliceWatcher watch = watch(HttpClient.newHttpClient(), "http");
    watch.step();
    answers.add("!");
    assertThatThrownBy(watch::step).isInstanceOf(Problem.class).hasMessageContaining("403");
    answers.add("not json");
    assertThatThrownBy(watch::step).isInstanceOf(Problem.class);
    assertThat(watch.instances()).hasSize(1);
    answers.add(list("9", slice("s1", endpoint("pod-9", "10.0.0.9", true, false)), ""));
    answers.add("");
    watch.step();
    assertThat(watch.instances()).extracting(Instance::id).containsExactly("search.pod-9:8080");
  }

  @Test
  void overHttpsOnlyTheGivenAuthorityIsTrusted() throws Exception {
    server.stop(0);
    HttpsServer secure =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    TestKeys keys = TestKeys.make(folder, "EC");
    secure.setHttpsConfigurator(new HttpsConfigurator(keys.server()));
    server = secure;
    serve(secure);
    answers.add(list("7", slice("s1", endpoint("pod-1", "10.0.0.1", true, false)), ""));
    answers.add("");
    Files.writeString(folder.resolve("ca.crt"), keys.certificateText());
    EndpointSliceWatcher watch = told("https", "ca.crt");
    watch.step();
    assertThat(watch.instances()).hasSize(1);
    EndpointSliceWatcher mistrustful = told("https", "nothing");
    assertThatThrownBy(mistrustful::step).isInstanceOf(Problem.class);
  }

  @Test
  void aPodBehindTwoServicesIsAnInstanceOfEach() {
    String pod = endpoint("pod-1", "10.0.0.1", true, false);
    String long1 = endpoint("p".repeat(120), "10.0.0.2", true, false);
    String udp = slice("s4", pod).replace("\"port\":8080", "\"port\":53,\"protocol\":\"UDP\"");
    answers.add(
        list(
            "7",
            String.join(
                ",",
                slice("s1", pod + "," + long1),
                slice("s2", pod).replace("\"search\"", "\"prices\""),
                slice("s3", pod).replace("\"search\"", "\"admin\"").replace("8080", "8443"),
                udp.replace("\"search\"", "\"names\"")),
            ""));
    answers.add("");
    EndpointSliceWatcher watch = watch(HttpClient.newHttpClient(), "http");
    watch.step();
    assertThat(watch.instances())
        .extracting(Instance::id)
        .containsExactly(
            "search.pod-1:8080",
            "search.10.0.0.2:8080",
            "prices.pod-1:8080",
            "admin.pod-1:8443",
            "names.pod-1:9090");
  }

  @ParameterizedTest
  @CsvSource({
    "KUBERNETES_SERVICES, Bad_Name",
    "KUBERNETES_NAMESPACE, a/b",
    "KUBERNETES_API_URL, ftp://x",
    "KUBERNETES_API_URL, https://x/path"
  })
  void badSettingsAreRefused(String variable, String value) {
    assertThatThrownBy(() -> KubernetesSettings.from(Settings.from(Map.of(variable, value))))
        .isInstanceOf(Settings.InvalidSetting.class)
        .hasMessageContaining(variable);
  }

  private EndpointSliceWatcher watch(HttpClient client, String scheme) {
    URI api = URI.create(scheme + "://localhost:" + server.getAddress().getPort());
    KubernetesApi.Token token = KubernetesApi.Token.of(folder.resolve("token"));
    return new EndpointSliceWatcher(
        new KubernetesSettings(
            List.of("search"), "crops", new KubernetesApi(api, token, "", "", "")),
        () -> client,
        CLOCK);
  }

  /// By the variables, as in the service.
  private EndpointSliceWatcher told(String scheme, String authority) {
    Map<String, String> variables =
        Map.of(
            "KUBERNETES_SERVICES",
            "search",
            "KUBERNETES_API_URL",
            scheme + "://localhost:" + server.getAddress().getPort(),
            "KUBERNETES_CA_FILE",
            folder.resolve(authority).toString());
    KubernetesSettings settings = KubernetesSettings.from(Settings.from(variables));
    return new EndpointSliceWatcher(settings, () -> DiscoveryWiring.client(settings), CLOCK);
  }

  private void serve(HttpServer http) {
    http.createContext("/", this::answer);
    http.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String token = exchange.getRequestHeaders().getFirst("Authorization");
      asked.add(exchange.getRequestURI().toString() + " " + token);
      String answer = answers.removeFirst();
      byte[] body = answer.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.equals("!") ? 403 : 200, 0);
      exchange.getResponseBody().write(body);
    }
  }

  private static String list(String version, String items, String next) {
    return "{\"kind\":\"EndpointSliceList\",\"metadata\":{\"resourceVersion\":\"%s\",\"continue\":\"%s\"},\"items\":[%s]}"
        .formatted(version, next, items);
  }

  private static String event(String type, String version, String object) {
    String versioned =
        object.replaceFirst(
            "\"metadata\":\\{", "\"metadata\":{\"resourceVersion\":\"" + version + "\",");
    return "{\"type\":\"%s\",\"object\":%s}\n".formatted(type, versioned.replace(",}", "}"));
  }

  private static String slice(String name, String endpoints) {
    return """
    {"metadata":{"name":"%s","labels":{"kubernetes.io/service-name":"search"}},"addressType":"IPv4",
     "ports":[{"name":"metrics","port":9090},{"name":"http","port":8080}],"endpoints":[%s]}\
    """
        .replace("\n", "")
        .formatted(name, endpoints);
  }

  private static String endpoint(String pod, String address, boolean ready, boolean ending) {
    return """
    {"addresses":["%s"],"conditions":{"ready":%s,"serving":true,"terminating":%s},"zone":"east",
     "targetRef":{"kind":"Pod","name":"%s"}}\
    """
        .replace("\n", "")
        .formatted(address, ready, ending, pod);
  }
}
