package io.soilhub.scalability.balancing.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// What the current context of a kubeconfig file says. Whatever would need another program, or
/// would make the connection other than it looks, is refused rather than left out.
///
/// @param namespace of the context, empty when it names none
record Kubeconfig(KubernetesApi api, Optional<String> namespace) {

  static final Setting<Optional<String>> FILE =
      Setting.optional(
          "KUBECONFIG",
          "path",
          "kubeconfig file, for replicas outside of the cluster; its namespace is the default"
              + " one");

  private static final long MOST_BYTES = 1 << 20;
  private static final YAMLMapper YAML = YAMLMapper.builder().build();
  private static final List<String> CLUSTER_REFUSED = List.of("proxy-url", "tls-server-name");
  private static final List<String> USER_REFUSED =
      List.of("auth-provider", "username", "password", "as", "as-uid", "as-groups");

  /// @throws Settings.InvalidSetting when the file cannot be read or used, with the reason
  static Kubeconfig read(String name) {
    try {
      Path file = Path.of(name);
      if (Files.size(file) > MOST_BYTES) {
        throw refused(name, "this one is larger than a megabyte");
      }
      return new Reader(name, file.toAbsolutePath().getParent())
          .read(YAML.readTree(Files.readAllBytes(file)));
    } catch (IOException | IllegalArgumentException e) {
      if (e instanceof Settings.InvalidSetting said) {
        throw said;
      }
      throw refused(name, "this one cannot be read: " + firstLine(e));
    }
  }

  /// @param folder that paths in the file begin at
  private record Reader(String name, Path folder) {

    Kubeconfig read(JsonNode root) throws IOException {
      JsonNode context = named(root, "context", text(root, "current-context"));
      JsonNode cluster = named(root, "cluster", text(context, "cluster"));
      String userName = text(context, "user");
      JsonNode user = userName.isEmpty() ? YAML.missingNode() : named(root, "user", userName);
      if (cluster.path("insecure-skip-tls-verify").asBoolean()) {
        throw refused(
            name, "insecure-skip-tls-verify is refused: give certificate-authority-data instead");
      }
      if (user.has("exec")) {
        throw refused(
            name,
            "user %s gets its credentials from another program (exec), which is never run: give a token or a client certificate"
                .formatted(userName));
      }
      refuse(cluster, CLUSTER_REFUSED);
      refuse(user, USER_REFUSED);
      KubernetesApi api =
          new KubernetesApi(
              server(text(cluster, "server")),
              token(user),
              pem(cluster, "certificate-authority"),
              pem(user, "client-certificate"),
              pem(user, "client-key"));
      check(api);
      return new Kubeconfig(
          api, Optional.of(text(context, "namespace")).filter(text -> !text.isEmpty()));
    }

    private void check(KubernetesApi api) {
      if (api.certificate().isEmpty() != api.key().isEmpty()) {
        throw refused(name, "client-certificate and client-key come together or not at all");
      }
      try {
        api.context();
      } catch (GeneralSecurityException e) {
        throw refused(name, "its certificates or its key cannot be used: " + firstLine(e));
      }
    }

    private void refuse(JsonNode in, List<String> fields) {
      for (String field : fields) {
        if (in.has(field)) {
          throw refused(name, field + " is not supported");
        }
      }
    }

    /// The entry of a list of contexts, clusters or users.
    private JsonNode named(JsonNode root, String kind, String wanted) {
      for (JsonNode entry : root.path(kind + "s")) {
        if (!wanted.isEmpty() && wanted.equals(text(entry, "name"))) {
          return entry.path(kind);
        }
      }
      throw refused(
          name,
          wanted.isEmpty()
              ? "this one has no current-context, or one without a cluster"
              : "there is no %s named %s in this one".formatted(kind, wanted));
    }

    private URI server(String text) {
      URI uri = URI.create(text.replaceFirst("/+$", ""));
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (!http || uri.getHost() == null || uri.getRawQuery() != null) {
        throw refused(name, "its server is no http or https URL");
      }
      return uri;
    }

    private KubernetesApi.Token token(JsonNode user) {
      String file = text(user, "tokenFile");
      String token = text(user, "token");
      return file.isEmpty()
          ? () -> Optional.of(token).filter(text -> !text.isEmpty())
          : KubernetesApi.Token.of(folder.resolve(file));
    }

    /// Given as such in base64, or as the path of a file; the former counts when both are there.
    private String pem(JsonNode in, String field) throws IOException {
      String data = text(in, field + "-data").replaceAll("\\s", "");
      String path = text(in, field);
      if (data.isEmpty() && path.isEmpty()) {
        return "";
      }
      String pem =
          data.isEmpty()
              ? Files.readString(folder.resolve(path))
              : new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
      if (pem.isBlank()) {
        throw refused(name, "its " + field + " is empty");
      }
      return pem;
    }

    private static String text(JsonNode in, String field) {
      return in.path(field).asText("").strip();
    }
  }

  /// The value is a path and no secret; nothing of the content is repeated.
  private static Settings.InvalidSetting refused(String name, String why) {
    return new Settings.InvalidSetting(
        FILE.name(), name, "the path of one kubeconfig file that can be used here; " + why);
  }

  private static String firstLine(Exception e) {
    String said = e.getMessage() == null ? "" : e.getMessage().lines().findFirst().orElse("");
    return e.getClass().getSimpleName() + " " + said;
  }
}
