package io.soilhub.scalability.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;

/// What every job of every subject carries: exactly 200 bytes of JSON.
///
/// @param number of the job within its measure, from 0, by which runs are counted
/// @param due intended submission in microseconds of the epoch, or 0
/// @param holdMillis how long the handler takes, 0 for a no-op
record JobPayload(int number, long due, int holdMillis) {

  static final int BYTES = 200;

  private static final ObjectMapper JSON = new ObjectMapper();

  static JobPayload of(ObjectNode node) {
    return new JobPayload(
        node.get("number").intValue(), node.get("due").longValue(), node.get("hold").intValue());
  }

  static JobPayload parsed(String text) {
    try {
      return of((ObjectNode) JSON.readTree(text));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  ObjectNode node() {
    ObjectNode node = JSON.createObjectNode();
    node.put("number", number).put("due", due).put("hold", holdMillis).put("pad", "");
    return node.put("pad", "x".repeat(BYTES - node.toString().length()));
  }

  String text() {
    return node().toString();
  }
}
