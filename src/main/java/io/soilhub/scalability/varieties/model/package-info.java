/// What trials say about trials to come: the posterior of each variety at a place, the chance to
/// beat the others, the fit of the model's constants, and validation against held-out trials.
///
/// Entry points: [io.soilhub.scalability.varieties.model.TrialModel] to ask,
/// [io.soilhub.scalability.varieties.model.Reml] to fit, and
/// [io.soilhub.scalability.varieties.model.TrialsCommand] on the command line.
///
/// Invariants: pure functions of a table and its constants; immutable once made; advantages are in
/// the yield unit of the table.
package io.soilhub.scalability.varieties.model;
