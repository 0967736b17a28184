package io.soilhub.scalability.jobs.journal;

import java.time.Duration;
import java.util.UUID;

/// An open job as the order of work needs to know it.
///
/// @param dueIn time until it may run, by the database's clock; negative when it has been due for
///   that long
/// @param running whether the journal holds it as claimed
public record OpenJob(UUID jobId, String queue, int priority, Duration dueIn, boolean running) {}
