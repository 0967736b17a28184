package io.soilhub.scalability.platform.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.platform.core.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/// The members of a JSON object, read one by one under a pointer. Everything that is wrong is
/// gathered, so that a caller learns all of it at once; a member that nobody asked for is wrong as
/// well.
public final class JsonObjectReader {

  private final ObjectNode node;
  private final String pointer;
  private final Set<String> asked = new HashSet<>();
  private final Violations violations;

  private JsonObjectReader(ObjectNode node, String pointer, Violations violations) {
    this.node = node;
    this.pointer = pointer;
    this.violations = violations;
  }

  public static JsonObjectReader of(ObjectNode node) {
    return new JsonObjectReader(node, "", new Violations());
  }

  public boolean has(String name) {
    return node.hasNonNull(name);
  }

  public Optional<String> text(String name) {
    return value(name)
        .filter(value -> expect(name, value.isTextual() && !value.asText().isBlank(), "a text"))
        .map(value -> value.asText().strip());
  }

  public OptionalDouble number(String name, double min, double max) {
    Optional<Double> number =
        value(name)
            .filter(
                value ->
                    expect(
                        name,
                        value.isNumber() && value.asDouble() >= min && value.asDouble() <= max,
                        "a number from %s to %s".formatted(plain(min), plain(max))))
            .map(JsonNode::asDouble);
    return number.map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
  }

  public int integer(String name, int defaultValue, int min, int max) {
    return value(name)
        .filter(
            value ->
                expect(
                    name,
                    value.canConvertToInt()
                        && value.isIntegralNumber()
                        && value.asInt() >= min
                        && value.asInt() <= max,
                    "a whole number from %d to %d".formatted(min, max)))
        .map(JsonNode::asInt)
        .orElse(defaultValue);
  }

  public boolean flag(String name, boolean defaultValue) {
    return value(name)
        .filter(value -> expect(name, value.isBoolean(), "true or false"))
        .map(JsonNode::asBoolean)
        .orElse(defaultValue);
  }

  /// One of the constants of an enum, written in lower case.
  public <E extends Enum<E>> Optional<E> choice(String name, Class<E> type) {
    List<String> allowed = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      allowed.add(constant.name().toLowerCase(Locale.ROOT));
    }
    return value(name)
        .filter(
            value ->
                expect(
                    name,
                    value.isTextual() && allowed.contains(value.asText()),
                    "one of " + String.join(", ", allowed)))
        .map(value -> type.getEnumConstants()[allowed.indexOf(value.asText())]);
  }

  /// A member that is an object; an empty one when it is missing.
  public JsonObjectReader object(String name) {
    Optional<ObjectNode> object =
        value(name)
            .filter(value -> expect(name, value.isObject(), "an object"))
            .map(ObjectNode.class::cast);
    return new JsonObjectReader(object.orElseGet(Json::object), at(name), violations);
  }

  /// A range: `{min, max}` with either left open, or one number for exactly that.
  public Range range(String name) {
    Optional<JsonNode> value = value(name);
    if (value.isPresent() && value.get().isNumber()) {
      return new Range(value.get().asDouble(), value.get().asDouble());
    }
    boolean usable =
        value.isPresent() && expect(name, value.get().isObject(), "a number or {min, max}");
    if (!usable) {
      return Range.ANY;
    }
    JsonObjectReader bounds = object(name);
    double min = bounds.number("min", -1e9, 1e9).orElse(Double.NEGATIVE_INFINITY);
    double max = bounds.number("max", -1e9, 1e9).orElse(Double.POSITIVE_INFINITY);
    bounds.refuseOthers();
    if (min > max) {
      refuse(name, "min must not be greater than max");
      return Range.ANY;
    }
    return new Range(min, max);
  }

  /// Texts of an array; an entry that is not a text is pointed at.
  public List<String> texts(String name, int minCount, int maxCount, int maxLength) {
    Optional<JsonNode> array =
        value(name)
            .filter(
                value ->
                    expect(
                        name,
                        value.isArray() && value.size() >= minCount && value.size() <= maxCount,
                        "an array of %d to %d texts".formatted(minCount, maxCount)));
    List<String> texts = new ArrayList<>();
    for (int i = 0; array.isPresent() && i < array.get().size(); i++) {
      JsonNode entry = array.get().get(i);
      boolean usable =
          entry.isTextual() && !entry.asText().isBlank() && entry.asText().length() <= maxLength;
      if (expect(name + "/" + i, usable, "a text of 1 to %d characters".formatted(maxLength))) {
        texts.add(entry.asText().strip());
      }
    }
    return texts;
  }

  public void require(String name) {
    if (!has(name)) {
      refuse(name, name + " is required");
    }
  }

  public void refuse(String name, String reason) {
    violations.add(at(name), reason);
  }

  /// Refuses the members that were not asked for.
  public void refuseOthers() {
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!asked.contains(name)) {
                String known = String.join(", ", asked.stream().sorted().toList());
                refuse(name, "'%s' is not known here; known are %s".formatted(name, known));
              }
            });
  }

  /// @throws Problem of kind INVALID when anything read so far was wrong
  public void raise() {
    violations.raise();
  }

  private Optional<JsonNode> value(String name) {
    asked.add(name);
    return node.hasNonNull(name) ? Optional.of(node.get(name)) : Optional.empty();
  }

  private boolean expect(String name, boolean holds, String what) {
    if (!holds) {
      refuse(name, "%s must be %s".formatted(name, what));
    }
    return holds;
  }

  /// RFC 6901: `~` and `/` inside a name are escaped; our own indices use a plain `/`.
  private String at(String name) {
    return pointer + (node.has(name) ? Violations.step(name) : "/" + name);
  }

  private static String plain(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }
}
