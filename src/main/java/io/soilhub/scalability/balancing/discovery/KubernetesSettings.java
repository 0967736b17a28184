package io.soilhub.scalability.balancing.discovery;

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

  KubernetesSettings {
    services = List.copyOf(services);
  }

  /// Reads the files only when services are followed.
  ///
  /// @throws Settings.InvalidSetting for a name, a URL or a file that cannot be used
  static KubernetesSettings from(Settings settings) {
    List<String> services = settings.list("KUBERNETES_SERVICES", "");
    services.forEach(service -> checkName("KUBERNETES_SERVICES", service));
    Optional<String> namespace = settings.text("KUBERNETES_NAMESPACE");
    namespace.ifPresent(name -> checkName("KUBERNETES_NAMESPACE", name));
    URI url = url(settings);
    if (services.isEmpty()) {
      return new KubernetesSettings(services, namespace.orElse("default"), KubernetesApi.at(url));
    }
    boolean told = settings.text("KUBERNETES_API_URL").isPresent();
    boolean inside = settings.text("KUBERNETES_SERVICE_HOST").isPresent();
    Optional<Kubeconfig> file =
        told || inside
            ? Optional.empty()
            : settings.text(Kubeconfig.VARIABLE).map(Kubeconfig::read);
    String from = file.flatMap(Kubeconfig::namespace).orElse("default");
    checkName(Kubeconfig.VARIABLE, from);
    return new KubernetesSettings(
        services,
        namespace.orElse(from),
        file.map(Kubeconfig::api).orElseGet(() -> ofAccount(settings, url)));
  }

  /// With the pod's own account; its token and certificates are left out where there are none.
  private static KubernetesApi ofAccount(Settings settings, URI url) {
    Path token = Path.of(settings.text("KUBERNETES_TOKEN_FILE", ACCOUNT + "token"));
    String authority = settings.text("KUBERNETES_CA_FILE", ACCOUNT + "ca.crt");
    KubernetesApi.Token bearer = KubernetesApi.Token.of(token);
    if (!Files.isReadable(Path.of(authority))) {
      return new KubernetesApi(url, bearer, "", "", "");
    }
    try {
      var api = new KubernetesApi(url, bearer, Files.readString(Path.of(authority)), "", "");
      api.context();
      return api;
    } catch (IOException | GeneralSecurityException _) {
      throw new Settings.InvalidSetting(
          "KUBERNETES_CA_FILE", authority, "a file of certificates in PEM");
    }
  }

  private static URI url(Settings settings) {
    String host = settings.text("KUBERNETES_SERVICE_HOST", "kubernetes.default.svc");
    String port = settings.text("KUBERNETES_SERVICE_PORT", "443");
    String authority = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    String url = settings.text("KUBERNETES_API_URL", "https://" + authority + ":" + port);
    return uri(url.replaceFirst("/$", ""))
        .orElseThrow(
            () ->
                new Settings.InvalidSetting(
                    "KUBERNETES_API_URL", url, "an http or https URL without a path"));
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

  private static void checkName(String variable, String name) {
    if (!name.matches(NAME)) {
      throw new Settings.InvalidSetting(
          variable, name, "names of lower-case letters, digits and '-'");
    }
  }
}
