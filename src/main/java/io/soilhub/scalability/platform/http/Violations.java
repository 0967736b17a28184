package io.soilhub.scalability.platform.http;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Problem.Violation;
import java.util.ArrayList;
import java.util.List;

/// Collects what is wrong with a body, so that the caller is told all of it at once.
public final class Violations {

  private final List<Violation> found = new ArrayList<>();

  /// @param pointer JSON pointer of what is wrong, empty for the whole body
  public void add(String pointer, String detail) {
    found.add(new Violation(pointer, detail));
  }

  /// Adds what a part of the body was found to have wrong with it.
  ///
  /// @param pointer JSON pointer of that part
  public void addBelow(String pointer, List<Violation> violations) {
    violations.forEach(v -> add(pointer + v.pointer(), v.detail()));
  }

  public void require(boolean holds, String pointer, String detail) {
    if (!holds) {
      add(pointer, detail);
    }
  }

  /// @param name of a member at the top of the body, or the path of one below, as steps of a
  ///   pointer
  /// @param rule what it must be; the detail begins with its name
  public void requireMember(boolean holds, String name, String rule) {
    require(holds, "/" + name, name + " " + rule);
  }

  /// @param value null counts as empty
  public void requireText(String pointer, String value, int longest) {
    boolean usable =
        value != null
            && !value.isBlank()
            && value.length() <= longest
            && value.chars().noneMatch(c -> c == 0 || Character.isSurrogate((char) c));
    if (!usable) {
      add(pointer, "must be text of 1 to %d characters".formatted(longest));
    }
  }

  public void requireBetween(String pointer, long value, long min, long max) {
    if (value < min || value > max) {
      add(pointer, "must be from %d to %d".formatted(min, max));
    }
  }

  /// @throws Problem of kind INVALID when anything was found
  public void raise() {
    if (!found.isEmpty()) {
      throw Problem.invalid(found);
    }
  }

  /// A member's name as a step of a JSON pointer (RFC 6901).
  public static String step(String name) {
    return "/" + name.replace("~", "~0").replace("/", "~1");
  }
}
