/// Variety trials as data and as a model, free of the server: tables, their reading, the posterior of
/// each variety at a place, the fit of the model's constants, and validation against held-out trials.
///
/// Entry points: [io.soilhub.scalability.trials.DataSetFolder] and
/// [io.soilhub.scalability.trials.TrialReader] to read,
/// [io.soilhub.scalability.trials.TrialModel] to ask, and
/// [io.soilhub.scalability.trials.TrialsCommand] on the command line.
///
/// Invariants: everything is immutable once made and deterministic; the order of the rows of a table
/// changes nothing; yields stay in the unit of their table.
package io.soilhub.scalability.trials;
