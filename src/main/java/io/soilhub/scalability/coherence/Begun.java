package io.soilhub.scalability.coherence;

/// A write was announced: the old entry is void, and nobody else may fill the key while the lease
/// lasts.
///
/// @param thirdLevelHolds whether the third level has heard of every invalidation so far
public record Begun(Mutation mutation, Leased.Lease lease, boolean thirdLevelHolds) {}
