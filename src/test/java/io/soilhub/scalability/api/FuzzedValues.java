package io.soilhub.scalability.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.soilhub.scalability.platform.core.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Values for a schema of an OpenAPI document: such as it wants, and such with one thing wrong.
///
/// @param schemas those that the document names
record FuzzedValues(Random random, JsonNode schemas) {

  private static final int DEEPEST = 5;

  /// Text that is rarely typed by hand.
  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "corn",
          "-1",
          "0",
          "99999999999999999999",
          "null",
          "true",
          "a b",
          "a/b",
          "../x",
          "größe",
          "\ud83d\ude00",
          "\u0000",
          "\u001b[31m",
          "\u202e",
          "%00",
          "' OR 1=1 --",
          "{{7*7}}",
          "<script>",
          "2026-01-31T12:00:00Z",
          "2026-13-31T12:00:00Z",
          "+999999999-12-31T23:59:59Z",
          "PT5M",
          "00000000-0000-0000-0000-000000000000",
          "x".repeat(600),
          "ä".repeat(300));

  /// Nothing but this machine is called, and no name is looked up.
  private static final Map<String, List<String>> KEPT =
      Map.of(
          "host", List.of("localhost", "127.0.0.1", "::1", "", "a b", "999.1.1.1", "[::1]"),
          "url", List.of("http://127.0.0.1:9/", "http://[::1]:9/", "file:///etc/passwd", "x", ""),
          "wait_seconds", List.of("0", "-1", "61", "x", "99999999999999999999", ""),
          "drain_seconds", List.of("0", "-1", "x", "99999999999999999999"));

  String text() {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  /// A value of a parameter in a path or in a query, before it is encoded.
  String parameter(String name, JsonNode schema) {
    if (KEPT.containsKey(name)) {
      return one(KEPT.get(name));
    }
    return random.nextInt(3) > 0 ? text() : plain(name, schema, 0).asText();
  }

  /// A value that the schema allows, as far as it tells.
  JsonNode plain(String name, JsonNode schema, int depth) {
    if (KEPT.containsKey(name)) {
      return TextNode.valueOf(one(KEPT.get(name)));
    }
    JsonNode own = resolved(schema);
    if (own.has("enum")) {
      return own.at("/enum/" + random.nextInt(own.at("/enum").size()));
    }
    return switch (type(own)) {
      case "integer" -> IntNode.valueOf(number(own));
      case "number" -> DoubleNode.valueOf(number(own) + random.nextInt(100) / 100.0);
      case "boolean" -> BooleanNode.valueOf(random.nextBoolean());
      case "array" -> array(name, own, depth);
      case "object" -> object(own, depth);
      default -> TextNode.valueOf(text());
    };
  }

  /// The same value with one thing in it that may not be there.
  JsonNode mutated(JsonNode value) {
    List<Runnable> places = new ArrayList<>();
    collect(value, places);
    if (places.isEmpty()) {
      return odd();
    }
    places.get(random.nextInt(places.size())).run();
    return value;
  }

  private void collect(JsonNode node, List<Runnable> places) {
    if (node instanceof ObjectNode object) {
      places.add(() -> object.set("nope", odd()));
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        if (!KEPT.containsKey(name)) {
          places.add(() -> object.set(name, odd()));
          places.add(() -> object.remove(name));
        }
        collect(object.get(name), places);
      }
    } else if (node instanceof ArrayNode array) {
      places.add(() -> array.add(odd()));
      for (JsonNode element : array) {
        collect(element, places);
      }
    }
  }

  private JsonNode odd() {
    return switch (random.nextInt(12)) {
      case 0 -> NullNode.instance;
      case 1 -> DecimalNode.valueOf(new BigDecimal("1e400"));
      case 2 -> DecimalNode.valueOf(new BigDecimal("-9223372036854775809"));
      case 3 -> IntNode.valueOf(Integer.MIN_VALUE);
      case 4 -> DoubleNode.valueOf(-0.0);
      case 5 -> BooleanNode.TRUE;
      case 6 -> Json.mapper().createArrayNode().add(NullNode.instance);
      case 7 -> Json.object().put("", "");
      case 8 -> Json.object();
      case 9 -> Json.mapper().createArrayNode();
      case 10 -> DecimalNode.valueOf(new BigDecimal("1e-400"));
      default -> TextNode.valueOf(text());
    };
  }

  private JsonNode array(String name, JsonNode schema, int depth) {
    ArrayNode array = Json.mapper().createArrayNode();
    for (int left = depth > DEEPEST ? 0 : random.nextInt(4); left > 0; left--) {
      array.add(plain(name, schema.path("items"), depth + 1));
    }
    return array;
  }

  private JsonNode object(JsonNode schema, int depth) {
    ObjectNode object = Json.object();
    if (depth > DEEPEST) {
      return object;
    }
    for (Map.Entry<String, JsonNode> member : schema.path("properties").properties()) {
      if (random.nextInt(4) > 0) {
        object.set(member.getKey(), plain(member.getKey(), member.getValue(), depth + 1));
      }
    }
    if (schema.path("properties").isEmpty()) {
      object.put(text(), text());
    }
    return object;
  }

  private JsonNode resolved(JsonNode schema) {
    String reference = schema.path("$ref").asText("");
    return reference.isEmpty()
        ? schema
        : schemas.path(reference.substring(reference.lastIndexOf('/') + 1));
  }

  /// A version of the document may name several types, null among them.
  private static String type(JsonNode schema) {
    JsonNode type = schema.path("type");
    return type.isArray() ? type.path(0).asText() : type.asText();
  }

  private int number(JsonNode schema) {
    int low = schema.path("minimum").asInt(0);
    int high = schema.path("maximum").asInt(1000);
    return random.nextInt(low, Math.max(low, high) + 1);
  }

  <T> T one(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
