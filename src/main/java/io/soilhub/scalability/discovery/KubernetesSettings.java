package io.soilhub.scalability.discovery;

import io.soilhub.scalability.platform.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Which services of Kubernetes are followed, and where its API is.
///
/// @param services KUBERNETES_SERVICES; none switches it off
/// @param namespace KUBERNETES_NAMESPACE
/// @param api KUBERNETES_API_URL, by default that of the cluster that this replica runs in
/// @param token KUBERNETES_TOKEN_FILE; without the file requests carry none
/// @param authority KUBERNETES_CA_FILE, whose certificates are trusted; without the file the usual
///   ones are
record KubernetesSettings(
    List<String> services, String namespace, URI api, Path token, Path authority) {

  private static final String ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount/";
  private static final String NAME = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

  KubernetesSettings {
    services = List.copyOf(services);
  }

  /// @throws Settings.InvalidSetting for a name or URL that cannot be
  static KubernetesSettings from(Settings settings) {
    List<String> services = settings.list("KUBERNETES_SERVICES", "");
    services.forEach(service -> checkName("KUBERNETES_SERVICES", service));
    String namespace = settings.text("KUBERNETES_NAMESPACE", "default");
    checkName("KUBERNETES_NAMESPACE", namespace);
    String host = settings.text("KUBERNETES_SERVICE_HOST", "kubernetes.default.svc");
    String port = settings.text("KUBERNETES_SERVICE_PORT", "443");
    String authority = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    String url = settings.text("KUBERNETES_API_URL", "https://" + authority + ":" + port);
    return new KubernetesSettings(
        services,
        namespace,
        uri(url)
            .orElseThrow(
                () ->
                    new Settings.InvalidSetting(
                        "KUBERNETES_API_URL", url, "an http or https URL without a path")),
        Path.of(settings.text("KUBERNETES_TOKEN_FILE", ACCOUNT + "token")),
        Path.of(settings.text("KUBERNETES_CA_FILE", ACCOUNT + "ca.crt")));
  }

  private static Optional<URI> uri(String text) {
    try {
      URI uri = URI.create(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      boolean bare = uri.getPath() == null || uri.getPath().isEmpty() || uri.getPath().equals("/");
      return http && bare && uri.getHost() != null ? Optional.of(uri) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static void checkName(String variable, String name) {
    if (!name.matches(NAME)) {
      throw new Settings.InvalidSetting(
          variable, name, "names of lower-case letters, digits and '-'");
    }
  }
}
