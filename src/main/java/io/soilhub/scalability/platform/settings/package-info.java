/// The environment variables of the service, in one list.
///
/// Entry point: [io.soilhub.scalability.platform.settings.SettingsCatalog].
///
/// Invariant: a variable that is read is listed, and the table in README.md is made of the list.
package io.soilhub.scalability.platform.settings;
