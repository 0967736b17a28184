package io.soilhub.scalability.balancing.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files as kubectl has them, up to a server that asks for a client's certificate.
class KubeconfigTest {

  private static final String FILE =
      """
      apiVersion: v1
      kind: Config
      current-context: here
      contexts:
      - {name: there, context: {cluster: other, user: other}}
      - name: here
        context: {cluster: local, user: dev, namespace: crops}
      clusters:
      - name: other
        cluster: {server: "https://192.0.2.1:6443"}
      - name: local
        cluster:
          server: %s
      %s
      users:
      - name: other
        user: {token: wrong}
      - name: dev
        user:
      %s
      """;

  @TempDir private Path folder;

  @Test
  void theCurrentContextIsTaken() throws IOException {
    Files.writeString(folder.resolve("token"), "first\n");
    KubernetesSettings settings =
        settings(file("https://k8s.example:6443/clusters/a/", "", "token: old\ntokenFile: token"));
    assertThat(settings.api().server())
        .isEqualTo(URI.create("https://k8s.example:6443/clusters/a"));
    assertThat(settings.namespace()).isEqualTo("crops");
    assertThat(settings.api().token().read()).contains("first");
    Files.writeString(folder.resolve("token"), "second");
    assertThat(settings.api().token().read()).as("it is renewed").contains("second");
    assertThat(settings(file("http://localhost:1", "", "token: t")).api().token().read())
        .contains("t");
    assertThat(settings(file("http://localhost:1", "", "{}")).api().token().read()).isEmpty();
  }

  @Test
  void variablesAndTheClusterItselfComeFirst() throws IOException {
    String file = file("https://k8s.example:6443", "", "token: t");
    assertThat(settings(file, "KUBERNETES_NAMESPACE", "mine").namespace()).isEqualTo("mine");
    assertThat(settings(file, "KUBERNETES_API_URL", "http://localhost:1").api().server())
        .isEqualTo(URI.create("http://localhost:1"));
    assertThat(settings(file, "KUBERNETES_SERVICE_HOST", "10.0.0.1").api().server())
        .isEqualTo(URI.create("https://10.0.0.1:443"));
    Map<String, String> unused = Map.of("KUBECONFIG", "/nowhere");
    assertThat(KubernetesSettings.from(Settings.from(unused)).services()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "insecure-skip-tls-verify: true | token: t | insecure-skip-tls-verify",
        "proxy-url: http://p | token: t | proxy-url",
        "tls-server-name: x | token: t | tls-server-name",
        "certificate-authority-data: '!' | token: t | cannot be read",
        "certificate-authority-data: bm9uZQ== | token: t | certificates",
        "certificate-authority: nowhere.crt | token: t | cannot be read",
        "'' | exec: {command: aws} | another program (exec)",
        "'' | username: u | username",
        "'' | auth-provider: {name: gcp} | auth-provider",
        "'' | as: admin | as is not supported",
        "'' | client-key-data: eA== | together",
      })
  void whatCannotBeHonouredIsRefusedWithItsReason(String cluster, String user, String reason)
      throws IOException {
    String file = file("https://localhost:1", cluster, user);
    assertThatThrownBy(() -> settings(file))
        .isInstanceOf(Settings.InvalidSetting.class)
        .hasMessageContaining("KUBECONFIG")
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "- 1",
        "current-context: nobody",
        "a: b: c",
        "current-context: x\ncontexts: [{name: x, context: {cluster: y}}]",
      })
  void whatIsNoKubeconfigIsRefused(String content) throws IOException {
    Path path = Files.writeString(folder.resolve("config"), content);
    assertThatThrownBy(() -> settings(path.toString()))
        .isInstanceOf(Settings.InvalidSetting.class)
        .hasMessageContaining("KUBECONFIG");
    assertThatThrownBy(() -> settings("/nowhere/a:/nowhere/b"))
        .isInstanceOf(Settings.InvalidSetting.class);
    String server = file("ftp://x", "", "token: t");
    assertThatThrownBy(() -> settings(server)).hasMessageContaining("server");
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void aClientIsKnownByItsCertificate(String algorithm) throws Exception {
    TestKeys api = TestKeys.make(folder, "EC");
    TestKeys client = TestKeys.make(folder, algorithm);
    HttpsServer server = server(api, client);
    try {
      String url = "https://localhost:" + server.getAddress().getPort() + "/base";
      String authority = data("certificate-authority", api.certificateText());
      String certificate = data("client-certificate", client.certificateText());
      for (String key : List.of(client.keyText(), client.oldKeyText())) {
        String user = certificate + "\n" + data("client-key", key);
        EndpointSliceWatcher watch = watch(settings(file(url, authority, user)));
        watch.step();
        assertThat(watch.instances()).hasSize(1);
      }
      Files.writeString(folder.resolve("client.crt"), client.certificateText());
      Files.writeString(folder.resolve("client.key"), client.keyText());
      Files.writeString(folder.resolve("ca.crt"), api.certificateText());
      String paths = "client-certificate: client.crt\nclient-key: client.key";
      EndpointSliceWatcher fromFiles =
          watch(settings(file(url, "certificate-authority: ca.crt", paths)));
      fromFiles.step();
      assertThat(fromFiles.instances()).hasSize(1);
      assertThat(asked).hasSize(6).allMatch(path -> path.startsWith("/base/apis/discovery.k8s.io"));
      EndpointSliceWatcher stranger = watch(settings(file(url, authority, "token: t")));
      assertThatThrownBy(stranger::step).isInstanceOf(Problem.class);
      EndpointSliceWatcher mistrustful = watch(settings(file(url, "", paths)));
      assertThatThrownBy(mistrustful::step).isInstanceOf(Problem.class);
    } finally {
      server.stop(0);
    }
  }

  private final List<String> asked = new ArrayList<>();

  private HttpsServer server(TestKeys api, TestKeys client) throws Exception {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    SSLContext context = api.server(client);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters wanted = context.getDefaultSSLParameters();
            wanted.setNeedClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            asked.add(exchange.getRequestURI().getPath());
            byte[] answer = answer(exchange.getRequestURI().getQuery());
            exchange.sendResponseHeaders(200, answer.length + 1);
            exchange.getResponseBody().write(answer);
            exchange.getResponseBody().write('\n');
          }
        });
    server.start();
    return server;
  }

  private static byte[] answer(String query) {
    String text =
        query.contains("watch=1")
            ? "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"2\"}}}"
            : """
            {"metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"s",
              "labels":{"kubernetes.io/service-name":"search"}},"ports":[{"port":8080}],
              "endpoints":[{"addresses":["10.0.0.1"]}]}]}\
            """;
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static EndpointSliceWatcher watch(KubernetesSettings settings) {
    return new EndpointSliceWatcher(
        settings, () -> DiscoveryWiring.client(settings), Clock.systemUTC());
  }

  private static String data(String field, String pem) {
    byte[] bytes = pem.getBytes(StandardCharsets.UTF_8);
    return field + "-data: " + Base64.getEncoder().encodeToString(bytes);
  }

  private String file(String server, String cluster, String user) throws IOException {
    String text = FILE.formatted(server, cluster.indent(4), user.indent(4));
    return Files.writeString(folder.resolve("config"), text).toString();
  }

  private static KubernetesSettings settings(String file, String... more) {
    Map<String, String> variables = new HashMap<>();
    variables.put("KUBECONFIG", file);
    variables.put("KUBERNETES_SERVICES", "search");
    for (int i = 0; i < more.length; i += 2) {
      variables.put(more[i], more[i + 1]);
    }
    return KubernetesSettings.from(Settings.from(variables));
  }
}
