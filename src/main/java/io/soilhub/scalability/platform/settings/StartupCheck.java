package io.soilhub.scalability.platform.settings;

/// Reads what a feature takes from the environment before anything starts. Every CDI bean of this
/// type is called; the first that throws ends the start with its sentence.
@FunctionalInterface
public interface StartupCheck {

  /// @throws Settings.InvalidSetting when the service cannot run with a variable's value
  void check(Settings settings);
}
