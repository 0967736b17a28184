package io.soilhub.scalability.varieties.trials;

/// A line that was not taken.
///
/// @param line number in the file; the header is line 1
public record Rejection(long line, String reason) {}
