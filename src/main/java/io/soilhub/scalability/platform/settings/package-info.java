/// The settings of the service, which are environment variables.
///
/// Entry points: [io.soilhub.scalability.platform.settings.Setting], by which a class declares what
/// it reads; [io.soilhub.scalability.platform.settings.StartupCheck], by which it has that checked
/// before anything starts.
///
/// Invariant: a setting is declared once, beside its reader, and whatever else knows its name, its
/// default or its bounds reads the declaration: the startup check and the table in README.md.
package io.soilhub.scalability.platform.settings;
