package io.soilhub.scalability.platform.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// One page of a list.
///
/// @param nextCursor where the next page begins; null in JSON on the last page
public record Page<T>(
    List<T> items, @JsonInclude(JsonInclude.Include.ALWAYS) Optional<String> nextCursor) {

  public Page {
    items = List.copyOf(items);
  }

  /// The page out of a look-up that asked for one row more than `request.limit()`, so that it is
  /// known whether there is a next page without counting.
  ///
  /// @param key what the cursor holds of the last item: the columns that the list is sorted by
  public static <T> Page<T> of(
      List<T> oneMore, PageRequest request, Function<T, List<String>> key) {
    if (oneMore.size() <= request.limit()) {
      return new Page<>(oneMore, Optional.empty());
    }
    List<T> items = oneMore.subList(0, request.limit());
    return new Page<>(items, Optional.of(PageRequest.cursor(key.apply(items.getLast()))));
  }

  /// The same page of other items.
  public <R> Page<R> map(Function<? super T, ? extends R> mapper) {
    return new Page<>(items.stream().<R>map(mapper).toList(), nextCursor);
  }
}
