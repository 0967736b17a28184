package io.soilhub.scalability.platform.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.soilhub.scalability.platform.core.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/// Which page of a list is asked for.
///
/// @param limit 1 to 200 items
/// @param after the sort columns of the last item of the page before; empty for the first page
public record PageRequest(int limit, List<String> after) {

  public static final int DEFAULT_LIMIT = 50;
  public static final int MAX_LIMIT = 200;

  public PageRequest {
    after = List.copyOf(after);
  }

  /// From the query parameters `limit` and `cursor`, which may be null when not sent.
  ///
  /// @param columns how many values a cursor of this list holds
  /// @throws Problem of kind INVALID for a limit out of bounds or a cursor that this list did not
  ///   give
  public static PageRequest of(String limit, String cursor, int columns) {
    int size = QueryParameter.integer("limit", limit, DEFAULT_LIMIT, 1, MAX_LIMIT);
    return new PageRequest(size, cursor == null ? List.of() : decoded(cursor, columns));
  }

  /// What a list gives as `next_cursor`.
  ///
  /// @param columns where the next page begins
  public static String cursor(List<String> columns) {
    byte[] json = Json.write(columns).getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(json);
  }

  private static List<String> decoded(String cursor, int columns) {
    try {
      byte[] json = Base64.getUrlDecoder().decode(cursor);
      List<String> values = Json.mapper().readValue(json, new TypeReference<List<String>>() {});
      if (values != null && values.size() == columns && !values.contains(null)) {
        return values;
      }
    } catch (IllegalArgumentException | JsonProcessingException _) {
      // said below
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    throw QueryParameter.invalid("cursor", "must be a next_cursor that this list gave");
  }
}
