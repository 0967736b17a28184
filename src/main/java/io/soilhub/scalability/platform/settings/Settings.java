package io.soilhub.scalability.platform.settings;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The environment variables as they are set. What a variable means and what it may hold stands in
/// its [Setting]. A bad value stops the start with a sentence that names the variable, its value
/// and what is allowed; nothing is clamped silently.
public final class Settings {

  /// A variable holds something that the service cannot run with.
  public static final class InvalidSetting extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public InvalidSetting(String name, String value, String allowed) {
      super("%s is '%s', but must be %s".formatted(name, value, allowed));
    }
  }

  private final Function<String, Optional<String>> source;

  private Settings(Function<String, Optional<String>> source) {
    this.source = source;
  }

  /// @param source gives the raw value of a variable; blank counts as not set
  public static Settings from(Function<String, Optional<String>> source) {
    return new Settings(name -> source.apply(name).map(String::strip).filter(v -> !v.isEmpty()));
  }

  public static Settings from(Map<String, String> variables) {
    return from(name -> Optional.ofNullable(variables.get(name)));
  }

  public Optional<String> text(String name) {
    return source.apply(name);
  }

  public String text(String name, String defaultValue) {
    return text(name).orElse(defaultValue);
  }
}
