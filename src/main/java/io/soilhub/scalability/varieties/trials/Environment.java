package io.soilhub.scalability.varieties.trials;

/// A site-year: one location in one year, in which all varieties met the same season.
///
/// @param site index of the location in its table
public record Environment(int site, int year) {}
