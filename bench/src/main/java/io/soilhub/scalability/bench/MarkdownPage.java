package io.soilhub.scalability.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// A Markdown page of which a part between two marks is written by a benchmark.
public final class MarkdownPage {

  private MarkdownPage() {}

  /// @throws IllegalStateException when the page lacks the marks
  public static void replace(Path page, String part, String text) throws IOException {
    String begin = "<!-- %s:begin -->".formatted(part);
    String end = "<!-- %s:end -->".formatted(part);
    String old = Files.readString(page);
    int from = old.indexOf(begin);
    int to = old.indexOf(end);
    if (from < 0 || to < from) {
      throw new IllegalStateException("%s lacks %s and %s".formatted(page, begin, end));
    }
    Files.writeString(
        page, old.substring(0, from) + begin + "\n" + text.strip() + "\n" + old.substring(to));
  }

  /// @param rows the first one is the head; columns from the second on are right-aligned numbers
  public static String table(List<List<String>> rows) {
    String rule =
        rows.getFirst().stream().skip(1).map(_ -> "---:").collect(Collectors.joining("|"));
    StringBuilder table = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      table.append("| ").append(String.join(" | ", rows.get(i))).append(" |\n");
      if (i == 0) {
        table.append("|---|").append(rule).append("|\n");
      }
    }
    return table.toString();
  }
}
