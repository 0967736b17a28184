package io.soilhub.scalability.cache.postgres;

import io.soilhub.scalability.platform.core.Problem;
import java.util.Set;

/// What a tag may be: 1 to 128 bytes of UTF-8, printable, without spaces.
public final class Tags {

  /// Tags that one entry may carry.
  public static final int MOST_OF_ENTRY = 64;

  /// Tags that one call may invalidate.
  public static final int MOST_OF_CALL = 100;

  private static final int MOST_BYTES = 128;

  private Tags() {}

  /// The same tags as an immutable set.
  ///
  /// @throws Problem INVALID, pointing to `/tags`
  public static Set<String> checked(Set<String> tags, int most) {
    if (tags.size() > most) {
      throw Problem.invalid("/tags", "must be at most %d tags".formatted(most));
    }
    if (!tags.stream().allMatch(Tags::valid)) {
      String detail = "must have 1 to %d bytes of UTF-8 each, printable and without spaces";
      throw Problem.invalid("/tags", detail.formatted(MOST_BYTES));
    }
    return Set.copyOf(tags);
  }

  private static boolean valid(String tag) {
    return Utf8.within(tag, MOST_BYTES) && tag.codePoints().allMatch(Tags::printable);
  }

  private static boolean printable(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.UNASSIGNED,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
