/// The varieties of the service: trial tables in PostgreSQL and in memory, their import, the search
/// over them, and the jobs and resources for all of it.
///
/// Entry points: `VarietyCatalog` for what is loaded; `RecommendationHandler`, `SearchHandler` and
/// `TrialImportHandler` for the work of the jobs; the three resources for REST.
///
/// Invariants: PostgreSQL holds the tables as they were given, every replica the same snapshot of
/// them within about a second; a crop without trials is refused, never filled in; made-up trials
/// stop counting for a crop as soon as it has real ones.
package io.soilhub.scalability.varieties.catalog;
