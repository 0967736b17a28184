/// Variety recommendations from field trials, the search over varieties, and the store of trial tables.
///
/// Entry points: `Varieties` for what is loaded, `RecommendationHandler`, `SearchHandler` and
/// `TrialImportHandler` for the work of the jobs, `VarietiesResource` for REST.
///
/// Invariants: an answer names the trials it was made from and is a pure function of them, the question
/// and the time; nothing is recommended that was not tested; made-up trials are flagged in every answer
/// that used them; soil never moves a variety.
package io.soilhub.scalability.varieties;
