package io.soilhub.scalability.platform.http;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Problem.Violation;
import java.util.ArrayList;
import java.util.List;

/// Collects what is wrong with a body, so that the caller is told all of it at once.
public final class Violations {

  private final List<Violation> found = new ArrayList<>();

  public void add(String pointer, String detail) {
    found.add(new Violation(pointer, detail));
  }

  public void require(boolean holds, String pointer, String detail) {
    if (!holds) {
      add(pointer, detail);
    }
  }

  /// @param value null counts as empty
  public void text(String pointer, String value, int longest) {
    boolean usable =
        value != null
            && !value.isBlank()
            && value.length() <= longest
            && value.chars().noneMatch(c -> c == 0 || Character.isSurrogate((char) c));
    require(usable, pointer, "must be text of 1 to %d characters".formatted(longest));
  }

  public void whole(String pointer, long value, long min, long max) {
    require(value >= min && value <= max, pointer, "must be from %d to %d".formatted(min, max));
  }

  public void finite(String pointer, Double value) {
    require(value != null && !value.isNaN() && !value.isInfinite(), pointer, "must be a number");
  }

  /// @throws Problem of kind INVALID when anything was found
  public void raise() {
    if (!found.isEmpty()) {
      throw Problem.invalid(found);
    }
  }
}
