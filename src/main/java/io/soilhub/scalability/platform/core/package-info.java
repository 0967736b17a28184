/// Time, ids, JSON, hashes, periodic work, the phases of start and stop, and the root of all
/// errors.
///
/// Entry points: [io.soilhub.scalability.platform.core.Problem], the one kind of error that callers
/// see; [io.soilhub.scalability.platform.core.PeriodicTask];
/// [io.soilhub.scalability.platform.core.Ticker].
package io.soilhub.scalability.platform.core;
