package io.soilhub.scalability.platform.settings;

import java.util.List;
import java.util.function.Consumer;

/// The settings that one class reads, and how they are checked before anything starts. Every CDI
/// bean of this type is asked; the first that throws ends the start with its sentence.
///
/// @param settings all that the class declares
/// @param rules reads them as the class does, for what a single setting cannot tell
public record StartupCheck(List<Setting<?>> settings, Consumer<Settings> rules) {

  public StartupCheck {
    settings = List.copyOf(settings);
  }

  /// For settings that need no further rules.
  public StartupCheck(List<Setting<?>> settings) {
    this(settings, _ -> {});
  }

  /// Checks each setting by itself.
  ///
  /// @throws Settings.InvalidSetting when the service cannot run with a variable's value
  public void checkEach(Settings values) {
    settings.forEach(setting -> setting.read(values));
  }

  /// @throws Settings.InvalidSetting when a value is allowed by itself and still cannot be used
  public void checkRules(Settings values) {
    rules.accept(values);
  }
}
