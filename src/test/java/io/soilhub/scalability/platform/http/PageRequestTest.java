package io.soilhub.scalability.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageRequestTest {

  @Property
  void aCursorIsReadBackAsItWasMade(@ForAll @Size(min = 1, max = 4) List<String> columns) {
    String cursor = PageRequest.cursor(columns);
    assertThat(PageRequest.of(null, cursor, columns.size()).after()).isEqualTo(columns);
  }

  @Property
  void walkingThePagesGivesEveryItemOnceInOrder(
      @ForAll @IntRange(max = 60) int size, @ForAll @IntRange(min = 1, max = 20) int limit) {
    List<Integer> all = IntStream.range(0, size).boxed().toList();
    List<Integer> walked = new ArrayList<>();
    String cursor = null;
    int pages = 0;
    do {
      PageRequest request = PageRequest.of(Integer.toString(limit), cursor, 1);
      int from = request.after().isEmpty() ? 0 : Integer.parseInt(request.after().getFirst()) + 1;
      List<Integer> oneMore = all.subList(from, Math.min(size, from + limit + 1));
      Page<Integer> page = Page.of(oneMore, request, item -> List.of(item.toString()));
      walked.addAll(page.items());
      cursor = page.nextCursor().orElse(null);
      pages++;
    } while (cursor != null && pages <= size);
    assertThat(walked).isEqualTo(all);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "201", "-1", "many", "1.5", "", "99999999999"})
  void aLimitOutOfBoundsIsNamed(String limit) {
    assertThatThrownBy(() -> PageRequest.of(limit, null, 1))
        .isInstanceOf(Problem.class)
        .hasMessage("limit must be a whole number from 1 to 200");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "%%%", "bnVsbA", "W10", "WyJhIiwiYiJd", "W251bGxd", "WzFd"})
  void aCursorThatThisListDidNotGiveIsRefused(String cursor) {
    assertThatThrownBy(() -> PageRequest.of(null, cursor, 1))
        .isInstanceOfSatisfying(
            Problem.class,
            p -> assertThat(p.violations().getFirst().pointer()).isEqualTo("/query/cursor"));
  }

  @Test
  void theLastPageSaysSoInJson() {
    Page<Integer> page = Page.of(List.of(1), new PageRequest(1, List.of()), _ -> List.of());
    assertThat(Json.write(page)).isEqualTo("{\"items\":[1],\"next_cursor\":null}");
  }
}
