package io.soilhub.scalability.access;

import io.soilhub.scalability.platform.settings.ServerSettings;
import io.soilhub.scalability.platform.settings.Setting;
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

  private static final Setting<Boolean> ALLOW_ANONYMOUS =
      Setting.flag("ALLOW_ANONYMOUS", false, "with AUTH_MODE none: answer other machines as well");

  private static final Setting<Optional<String>> ADMIN_API_KEY =
      Setting.optional(
          "ADMIN_API_KEY",
          "24 characters or more",
          "a key with the role admin, to make the others with");

  private static final Setting<Optional<String>> JWT_PUBLIC_KEY_LOCATION =
      Setting.optional(
          "JWT_PUBLIC_KEY_LOCATION",
          "URL or path",
          "public keys (PEM or JWKS) of the tokens' issuer");

  private static final Setting<Optional<String>> JWT_ISSUER =
      Setting.optional(
          "JWT_ISSUER", "text", "`iss` of accepted tokens; their `groups` are the roles");

  private static final Setting<List<String>> JWT_AUDIENCE =
      Setting.list(
          "JWT_AUDIENCE", "", "texts with commas", "`aud` of accepted tokens; without it any");

  static final List<Setting<?>> ALL =
      List.of(ALLOW_ANONYMOUS, ADMIN_API_KEY, JWT_PUBLIC_KEY_LOCATION, JWT_ISSUER, JWT_AUDIENCE);

  AccessSettings {
    modes = Set.copyOf(modes);
  }

  /// @throws Settings.InvalidSetting for a mode that is not known, for modes that exclude each
  ///   other, and for an open address without authentication
  static AccessSettings from(Settings settings) {
    Set<Mode> modes = modes(settings);
    boolean anywhere = ALLOW_ANONYMOUS.read(settings);
    String host = ServerSettings.HOST.read(settings);
    if (modes.isEmpty() && !anywhere && !LOOPBACK.contains(host)) {
      throw new Settings.InvalidSetting(
          ServerSettings.HOST.name(),
          host,
          "a loopback address while AUTH_MODE is none, unless ALLOW_ANONYMOUS is true");
    }
    Optional<String> adminKey = ADMIN_API_KEY.read(settings);
    if (adminKey.isPresent() && adminKey.get().length() < SHORTEST_ADMIN_KEY) {
      throw new Settings.InvalidSetting(
          ADMIN_API_KEY.name(),
          "(hidden)",
          "at least %d characters long".formatted(SHORTEST_ADMIN_KEY));
    }
    Optional<JwtVerifier> tokens =
        modes.contains(Mode.JWT)
            ? Optional.of(
                JwtVerifier.of(
                    required(settings, JWT_PUBLIC_KEY_LOCATION),
                    required(settings, JWT_ISSUER),
                    audiences(settings)))
            : Optional.empty();
    return new AccessSettings(modes, anywhere, adminKey, tokens);
  }

  @Override
  public String toString() {
    return "AccessSettings[%s, anonymousFromAnywhere=%s]".formatted(modes, anonymousFromAnywhere);
  }

  private static Set<Mode> modes(Settings settings) {
    List<String> names = ServerSettings.AUTH_MODE.read(settings);
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
        ServerSettings.AUTH_MODE.name(), value, "none, or api-key, or jwt, or api-key,jwt");
  }

  /// A list of nothing but commas would accept what it was set to refuse.
  private static List<String> audiences(Settings settings) {
    List<String> audiences = JWT_AUDIENCE.read(settings);
    Optional<String> set = settings.text(JWT_AUDIENCE.name());
    if (audiences.isEmpty() && set.isPresent()) {
      throw new Settings.InvalidSetting(
          JWT_AUDIENCE.name(), set.get(), "audiences with commas between");
    }
    return audiences;
  }

  private static String required(Settings settings, Setting<Optional<String>> setting) {
    return setting
        .read(settings)
        .orElseThrow(
            () -> new Settings.InvalidSetting(setting.name(), "", "set while AUTH_MODE has jwt"));
  }
}
