package io.soilhub.scalability.jobs.queue;

import java.time.Duration;

/// A member with the time until it may run; negative when it has been due for that long. Relative,
/// so that the clocks of Redis and of whoever knows the due time need not agree.
public record DelayedEntry(QueueEntry member, Duration in) {}
