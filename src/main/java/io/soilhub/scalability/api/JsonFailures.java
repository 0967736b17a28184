package io.soilhub.scalability.api;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.IgnoredPropertyException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.http.Violations;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Turns what the JSON parser found into a problem of our own words with a JSON pointer (RFC 6901).
/// The parser's messages name Java classes and are never shown.
///
/// 400 is for text that is not JSON and for a value of another JSON type than wanted; 422 for
/// unknown and missing members and for values of the right type that cannot be used.
final class JsonFailures {

  private JsonFailures() {}

  static Problem of(JsonProcessingException e) {
    return switch (e) {
      case WellFormedParser.IllFormed half ->
          Problem.invalid(half.pointer(), "holds half a surrogate pair, which is no text");
      case IgnoredPropertyException ignored -> unknown(ignored, ignored.getKnownPropertyIds());
      case UnrecognizedPropertyException unknown -> unknown(unknown, unknown.getKnownPropertyIds());
      case ValueInstantiationException refused -> refused(refused);
      case InvalidTypeIdException type -> Problem.invalid(pointer(type), "is of no known type");
      case InvalidFormatException format -> format(format);
      case MismatchedInputException mismatch -> mismatch(mismatch);
      case JsonMappingException mapping when mapping.getCause() instanceof InputCoercionException ->
          Problem.invalid(pointer(mapping), "is out of the range of numbers");
      case JsonMappingException mapping
          when mapping.getCause() instanceof JsonProcessingException cause ->
          of(cause);
      case InputCoercionException _ -> Problem.invalid("", "a number is out of range");
      default -> notJson(e.getLocation());
    };
  }

  /// The pointer of the member at which `e` was found; empty for the whole body.
  static String pointer(JsonMappingException e) {
    StringBuilder pointer = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      String name = step.getFieldName();
      pointer.append(name == null ? "/" + step.getIndex() : Violations.step(name));
    }
    return pointer.toString();
  }

  private static Problem unknown(JsonMappingException e, Collection<Object> known) {
    String pointer = pointer(e);
    String name = pointer.substring(pointer.lastIndexOf('/') + 1);
    String members =
        known == null
            ? ""
            : known.stream()
                .map(Object::toString)
                .sorted()
                .collect(Collectors.joining(", ", "; known are ", ""));
    return Problem.invalid(pointer, "unknown member %s%s".formatted(name, members));
  }

  private static Problem refused(ValueInstantiationException e) {
    String at = pointer(e);
    return switch (e.getCause()) {
      case Problem problem -> beneath(at, problem);
      case IllegalArgumentException reason ->
          Problem.invalid(at, String.valueOf(reason.getMessage()));
      case null, default -> Problem.invalid(at, "cannot be used");
    };
  }

  /// The same problem with its pointers below `at`.
  private static Problem beneath(String at, Problem problem) {
    List<Problem.Violation> violations =
        problem.violations().stream()
            .map(v -> new Problem.Violation(at + v.pointer(), v.detail()))
            .toList();
    return new Problem(problem.kind(), problem.type(), problem.getMessage(), violations);
  }

  private static Problem format(InvalidFormatException e) {
    Class<?> wanted = e.getTargetType();
    if (wanted == null || !(e.getValue() instanceof String) || isNumberOrFlag(wanted)) {
      return wrongType(e);
    }
    String allowed =
        wanted.isEnum()
            ? "must be one of " + constants(wanted)
            : "cannot be read as " + name(wanted);
    return Problem.invalid(pointer(e), allowed);
  }

  /// Without a token at hand the member was missing or null.
  private static Problem mismatch(MismatchedInputException e) {
    String message = String.valueOf(e.getOriginalMessage());
    boolean absent =
        message.startsWith("Cannot map `null`")
            || message.startsWith("Missing required")
            || message.startsWith("Null value for");
    if (absent) {
      return Problem.invalid(pointer(e), "must be given");
    }
    if (message.startsWith("No content to map")) {
      return new Problem(Problem.Kind.MALFORMED, "malformed-body", "A JSON body must be sent.");
    }
    if (message.startsWith("Trailing token")) {
      return notJson(e.getLocation());
    }
    return wrongType(e);
  }

  private static Problem wrongType(MismatchedInputException e) {
    String detail = "must be " + name(e.getTargetType());
    return new Problem(
        Problem.Kind.MALFORMED,
        "wrong-type",
        "A member of the body has the wrong type.",
        List.of(new Problem.Violation(pointer(e), detail)));
  }

  private static Problem notJson(JsonLocation at) {
    String where =
        at == null ? "" : " near line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
    return new Problem(
        Problem.Kind.MALFORMED, "malformed-body", "The body is not JSON" + where + ".");
  }

  private static boolean isNumberOrFlag(Class<?> type) {
    return type.isPrimitive() || Number.class.isAssignableFrom(type) || type == Boolean.class;
  }

  private static String constants(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(c -> ((Enum<?>) c).name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  /// What a client knows a Java type as.
  private static String name(Class<?> type) {
    if (type == null) {
      return "of another type";
    }
    return switch (type.getSimpleName()) {
      case "int", "Integer", "long", "Long", "short", "Short", "byte", "Byte", "BigInteger" ->
          "a whole number";
      case "double", "Double", "float", "Float", "BigDecimal", "Number" -> "a number";
      case "boolean", "Boolean" -> "true or false";
      case "String" -> "a string";
      case "Instant", "OffsetDateTime", "ZonedDateTime" -> "a time such as 2026-01-31T12:00:00Z";
      case "LocalDate" -> "a date such as 2026-01-31";
      case "UUID" -> "a UUID";
      case "Duration" -> "a duration such as PT5M";
      default -> collectionOrObject(type);
    };
  }

  private static String collectionOrObject(Class<?> type) {
    if (type.isEnum()) {
      return "a string";
    }
    boolean array =
        type.isArray()
            || Collection.class.isAssignableFrom(type)
            || type.getSimpleName().equals("ArrayNode");
    return array ? "an array" : "an object";
  }
}
