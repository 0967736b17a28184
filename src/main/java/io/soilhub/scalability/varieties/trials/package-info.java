/// Variety trials as data: tables in columns, their reading from CSV, and folders of data sets.
///
/// Entry points: [io.soilhub.scalability.varieties.trials.DataSetFolder] and
/// [io.soilhub.scalability.varieties.trials.TrialReader] to read,
/// [io.soilhub.scalability.varieties.trials.TrialTable] to hold.
///
/// Invariants: everything is immutable once made; the order of the rows of a table changes nothing;
/// yields stay in the unit of their table.
package io.soilhub.scalability.varieties.trials;
