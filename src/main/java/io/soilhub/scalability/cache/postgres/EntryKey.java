package io.soilhub.scalability.cache.postgres;

import io.soilhub.scalability.platform.core.Problem;
import java.util.regex.Pattern;

/// Names a cached value on every level.
///
/// @param type name of the data type, lower case: `variety_data`
/// @param key 1 to 512 bytes of UTF-8 without control characters
public record EntryKey(String type, String key) implements Comparable<EntryKey> {

  private static final int MOST_BYTES = 512;
  private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9_]{0,63}");

  /// @throws Problem INVALID, pointing to `/data_type` or `/key`
  public EntryKey {
    if (!TYPE.matcher(type).matches()) {
      throw Problem.invalid("/data_type", "must be a name in lower case letters, digits and _");
    }
    if (!Utf8.within(key, MOST_BYTES) || key.codePoints().anyMatch(Character::isISOControl)) {
      String detail = "must have 1 to %d bytes of UTF-8 and no control characters";
      throw Problem.invalid("/key", detail.formatted(MOST_BYTES));
    }
  }

  @Override
  public int compareTo(EntryKey other) {
    int byType = type.compareTo(other.type);
    return byType != 0 ? byType : key.compareTo(other.key);
  }
}
