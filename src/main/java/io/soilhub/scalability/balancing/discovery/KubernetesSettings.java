package io.soilhub.scalability.balancing.discovery;

import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;

/// Which services of Kubernetes are followed, and where its API is: at KUBERNETES_API_URL; else in
/// the cluster that this replica runs in; else, outside of any, where the file KUBECONFIG says.
///
/// @param services KUBERNETES_SERVICES; none switches it off
/// @param namespace KUBERNETES_NAMESPACE, by default that of the file, else `default`
record KubernetesSettings(List<String> services, String namespace, KubernetesApi api) {

  private static final String ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount/";
  private static final String NAME = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

  private static final Setting<List<String>> SERVICES =
      Setting.list(
          "KUBERNETES_SERVICES", "", "names with commas", "services to follow in Kubernetes");

  private static final Setting<String> NAMESPACE =
      Setting.text("KUBERNETES_NAMESPACE", "default", "name", "namespace of those services");

  private static final Setting<Optional<String>> API_URL =
      Setting.optional(
          "KUBERNETES_API_URL",
          "https://host:port",
          "Kubernetes API; without it that of the cluster that the replica runs in, outside of"
              + " any that of KUBECONFIG");

  private static final Setting<String> TOKEN_FILE =
      Setting.text(
          "KUBERNETES_TOKEN_FILE",
          ACCOUNT + "token",
          "path",
          "token for it, read again for each request");

  private static final Setting<String> CA_FILE =
      Setting.text("KUBERNETES_CA_FILE", ACCOUNT + "ca.crt", "path", "certificates to trust there");

  static final List<Setting<?>> ALL =
      List.of(SERVICES, NAMESPACE, API_URL, Kubeconfig.FILE, TOKEN_FILE, CA_FILE);

  KubernetesSettings {
    services = List.copyOf(services);
  }

  /// Reads the files only when services are followed.
  ///
  /// @throws Settings.InvalidSetting for a name, a URL or a file that cannot be used
  static KubernetesSettings from(Settings settings) {
    List<String> services = SERVICES.read(settings);
    services.forEach(service -> checkName(SERVICES, service));
    Optional<String> namespace = NAMESPACE.readIfSet(settings);
    namespace.ifPresent(name -> checkName(NAMESPACE, name));
    URI url = url(settings);
    if (services.isEmpty()) {
      return new KubernetesSettings(services, NAMESPACE.read(settings), KubernetesApi.at(url));
    }
    boolean told = API_URL.read(settings).isPresent();
    boolean inside = settings.text("KUBERNETES_SERVICE_HOST").isPresent();
    Optional<Kubeconfig> file =
        told || inside ? Optional.empty() : Kubeconfig.FILE.read(settings).map(Kubeconfig::read);
    Optional<String> ofContext = file.flatMap(Kubeconfig::namespace);
    ofContext.ifPresent(name -> checkName(Kubeconfig.FILE, name));
    return new KubernetesSettings(
        services,
        namespace.or(() -> ofContext).orElseGet(() -> NAMESPACE.read(settings)),
        file.map(Kubeconfig::api).orElseGet(() -> ofAccount(settings, url)));
  }

  /// With the pod's own account; its token and certificates are left out where there are none.
  private static KubernetesApi ofAccount(Settings settings, URI url) {
    Path token = Path.of(TOKEN_FILE.read(settings));
    String authority = CA_FILE.read(settings);
    KubernetesApi.Token bearer = KubernetesApi.Token.of(token);
    if (!Files.isReadable(Path.of(authority))) {
      return new KubernetesApi(url, bearer, "", "", "");
    }
    try {
      var api = new KubernetesApi(url, bearer, Files.readString(Path.of(authority)), "", "");
      api.context();
      return api;
    } catch (IOException | GeneralSecurityException _) {
      throw new Settings.InvalidSetting(CA_FILE.name(), authority, "a file of certificates in PEM");
    }
  }

  private static URI url(Settings settings) {
    String host = settings.text("KUBERNETES_SERVICE_HOST", "kubernetes.default.svc");
    String port = settings.text("KUBERNETES_SERVICE_PORT", "443");
    String authority = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    String url = API_URL.read(settings).orElse("https://" + authority + ":" + port);
    return uri(url.replaceFirst("/$", ""))
        .orElseThrow(
            () ->
                new Settings.InvalidSetting(
                    API_URL.name(), url, "an http or https URL without a path"));
  }

  private static Optional<URI> uri(String text) {
    try {
      URI uri = URI.create(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      boolean bare = uri.getPath() == null || uri.getPath().isEmpty();
      return http && bare && uri.getHost() != null ? Optional.of(uri) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static void checkName(Setting<?> setting, String name) {
    if (!name.matches(NAME)) {
      throw new Settings.InvalidSetting(
          setting.name(), name, "names of lower-case letters, digits and '-'");
    }
  }
}
