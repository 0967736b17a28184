package io.soilhub.scalability.access;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// The names under which the service answers. A page of another site can have its own name resolved
/// to 127.0.0.1 (DNS rebinding); for the browser it then is of one origin with a service that asks
/// nobody who he is. Its Host header still tells. So a service that answers this machine without
/// credentials takes loopback names only, and those of `ALLOWED_HOSTS`; where callers prove who
/// they are, or where everybody may call anyway, names are checked only when that variable is set.
public final class AllowedHosts {

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|::1|0:0:0:0:0:0:0:1");
  private static final Pattern NAME = Pattern.compile("[a-z0-9._-]{1,253}|[0-9a-f:.]{2,45}");

  private static final Setting<List<String>> ALLOWED_HOSTS =
      Setting.list(
          "ALLOWED_HOSTS",
          "",
          "names with commas",
          "host names to answer under besides this machine's own; without it any, but with"
              + " AUTH_MODE none and no ALLOW_ANONYMOUS none");

  static final List<Setting<?>> ALL = List.of(ALLOWED_HOSTS);

  private final boolean checked;
  private final Set<String> names;

  private AllowedHosts(boolean checked, Set<String> names) {
    this.checked = checked;
    this.names = Set.copyOf(names);
  }

  /// @throws Settings.InvalidSetting for an entry that is no name or address, for instance with a
  ///   port
  static AllowedHosts from(Settings settings) {
    AccessSettings access = AccessSettings.from(settings);
    Set<String> names = new HashSet<>();
    for (String name : ALLOWED_HOSTS.read(settings)) {
      String plain = plain(name);
      if (!NAME.matcher(plain).matches()) {
        throw new Settings.InvalidSetting(
            ALLOWED_HOSTS.name(),
            name,
            "names or addresses without port, with commas between them");
      }
      names.add(plain);
    }
    boolean thisMachineOnly = access.modes().isEmpty() && !access.anonymousFromAnywhere();
    return new AllowedHosts(thisMachineOnly || !names.isEmpty(), names);
  }

  /// @param host name or address that the request was sent to, without port
  /// @throws Problem of kind MISDIRECTED when the service does not answer under it
  public void check(String host) {
    String name = plain(host);
    if (checked && !names.contains(name) && !LOOPBACK.matcher(name).matches()) {
      throw new Problem(
          Problem.Kind.MISDIRECTED,
          "host-not-allowed",
          "The service does not answer under this host name; ALLOWED_HOSTS lists those that it"
              + " does, besides this machine's own.");
    }
  }

  /// In lower case, without the brackets of an IPv6 address and without the dot of the root.
  private static String plain(String host) {
    String name = host == null ? "" : host.strip().toLowerCase(Locale.ROOT);
    if (name.startsWith("[") && name.endsWith("]")) {
      name = name.substring(1, name.length() - 1);
    }
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
