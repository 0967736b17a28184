package io.soilhub.scalability.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.io.UncheckedIOException;

/// Lines of JSON between the benchmark and its subjects. A mark tells them from what a library may
/// print.
public final class Protocol {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MARK = "@bench ";

  private Protocol() {}

  public static ObjectNode message() {
    return JSON.createObjectNode();
  }

  static boolean isMessage(String line) {
    return line.startsWith(MARK);
  }

  public static ObjectNode parse(String line) {
    try {
      JsonNode node = JSON.readTree(line.startsWith(MARK) ? line.substring(MARK.length()) : line);
      return (ObjectNode) node;
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void send(PrintStream out, ObjectNode message) {
    out.println(MARK + message);
    out.flush();
  }
}
