package io.soilhub.scalability.jobs.queue;

import java.util.UUID;

/// An id as it stands in the queue: the priority's digit before it, so that every move between
/// ready, delayed and lease keeps the priority, and ties fall to the older of two time-ordered ids.
///
/// @param priority 0 (lowest) to 9
public record QueueEntry(int priority, UUID id) {

  public QueueEntry {
    if (priority < 0 || priority > 9) {
      throw new IllegalArgumentException("priority must be 0 to 9, not " + priority);
    }
  }

  static QueueEntry parse(String text) {
    return new QueueEntry(text.charAt(0) - '0', UUID.fromString(text.substring(1)));
  }

  String text() {
    return priority + id.toString();
  }
}
