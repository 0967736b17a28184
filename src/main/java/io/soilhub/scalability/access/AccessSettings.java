package io.soilhub.scalability.access;

import io.soilhub.scalability.platform.settings.Settings;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Who may call.
///
/// @param modes how callers prove who they are; empty when nobody has to
/// @param anonymousFromAnywhere whether unproven callers may come from other machines
/// @param adminKey the key that is an administrator without being stored
/// @param tokens reads bearer tokens; there in the mode JWT
record AccessSettings(
    Set<Mode> modes,
    boolean anonymousFromAnywhere,
    Optional<String> adminKey,
    Optional<JwtVerifier> tokens) {

  /// A way to prove who one is.
  enum Mode {
    API_KEY,
    JWT
  }

  private static final int SHORTEST_ADMIN_KEY = 24;
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1");

  AccessSettings {
    modes = Set.copyOf(modes);
  }

  /// @throws Settings.InvalidSetting for a mode that is not known, for modes that exclude each
  ///   other, and for an open address without authentication
  static AccessSettings from(Settings settings) {
    Set<Mode> modes = modes(settings);
    boolean anywhere = settings.flag("ALLOW_ANONYMOUS", false);
    String host = settings.text("HOST", "127.0.0.1");
    if (modes.isEmpty() && !anywhere && !LOOPBACK.contains(host)) {
      throw new Settings.InvalidSetting(
          "HOST",
          host,
          "a loopback address while AUTH_MODE is none, unless ALLOW_ANONYMOUS is true");
    }
    Optional<String> adminKey = settings.text("ADMIN_API_KEY");
    if (adminKey.isPresent() && adminKey.get().length() < SHORTEST_ADMIN_KEY) {
      throw new Settings.InvalidSetting(
          "ADMIN_API_KEY", "(hidden)", "at least %d characters long".formatted(SHORTEST_ADMIN_KEY));
    }
    Optional<JwtVerifier> tokens =
        modes.contains(Mode.JWT)
            ? Optional.of(
                JwtVerifier.of(
                    required(settings, "JWT_PUBLIC_KEY_LOCATION"),
                    required(settings, "JWT_ISSUER"),
                    audiences(settings)))
            : Optional.empty();
    return new AccessSettings(modes, anywhere, adminKey, tokens);
  }

  @Override
  public String toString() {
    return "AccessSettings[%s, anonymousFromAnywhere=%s]".formatted(modes, anonymousFromAnywhere);
  }

  private static Set<Mode> modes(Settings settings) {
    List<String> names = settings.list("AUTH_MODE", "none");
    Set<Mode> modes = EnumSet.noneOf(Mode.class);
    for (String name : names) {
      switch (name) {
        case "api-key" -> modes.add(Mode.API_KEY);
        case "jwt" -> modes.add(Mode.JWT);
        case "none" -> {}
        default -> throw invalidMode(String.join(",", names));
      }
    }
    if (names.isEmpty() || (names.contains("none") && names.size() > 1)) {
      throw invalidMode(String.join(",", names));
    }
    return modes;
  }

  private static Settings.InvalidSetting invalidMode(String value) {
    return new Settings.InvalidSetting(
        "AUTH_MODE", value, "none, or api-key, or jwt, or api-key,jwt");
  }

  /// A list of nothing but commas would accept what it was set to refuse.
  private static List<String> audiences(Settings settings) {
    List<String> audiences = settings.list("JWT_AUDIENCE", "");
    if (audiences.isEmpty() && settings.text("JWT_AUDIENCE").isPresent()) {
      throw new Settings.InvalidSetting(
          "JWT_AUDIENCE", settings.text("JWT_AUDIENCE", ""), "audiences with commas between");
    }
    return audiences;
  }

  private static String required(Settings settings, String name) {
    return settings
        .text(name)
        .orElseThrow(() -> new Settings.InvalidSetting(name, "", "set while AUTH_MODE has jwt"));
  }
}
