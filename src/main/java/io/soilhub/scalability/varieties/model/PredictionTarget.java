package io.soilhub.scalability.varieties.model;

import java.util.OptionalInt;

/// What is predicted: performance at a place, in a season to come or in a known year.
///
/// @param correlations of the local part with that of each site of the table; all zero for the
///   general part alone
record PredictionTarget(double[] correlations, OptionalInt year) {}
