/// The cache for its clients: JSON values that they keep in it over REST, its statistics, how it
/// is, and the job that warms it up.
///
/// Entry points: [io.soilhub.scalability.cache.rest.CacheResource] and
/// [io.soilhub.scalability.cache.rest.VarietyCacheResource];
/// [io.soilhub.scalability.cache.tiers.WarmupSource], which a feature implements to take part in a
/// warm-up.
///
/// Invariants: a value comes back with the text of its numbers unchanged; a request that is refused
/// stores nothing; an answer says when a store that is away has yet to follow; what a CDN has of a
/// value is purged after the value itself.
package io.soilhub.scalability.cache.rest;
