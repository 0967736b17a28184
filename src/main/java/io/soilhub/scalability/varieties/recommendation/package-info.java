/// Which varieties to sow at a place: the answer to one question from one data set.
///
/// Entry points: [io.soilhub.scalability.varieties.recommendation.RecommendationRequest] to read
/// what is asked, [io.soilhub.scalability.varieties.recommendation.Recommender] to answer it.
///
/// Invariants: an answer names the trials it was made from and is a pure function of them, the
/// question and the time; nothing is recommended that was not tested; made-up trials are flagged in
/// every answer that used them; soil never moves a variety.
package io.soilhub.scalability.varieties.recommendation;
