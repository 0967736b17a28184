package io.soilhub.scalability.platform.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A landed service has full tables: an index on one of them must not keep writers out.
class MigrationFilesTest {

  /// Those before came with the tables themselves.
  private static final String FIRST = "V044";

  private static final Pattern COMMENT = Pattern.compile("--[^\n]*");
  private static final Pattern INDEX =
      Pattern.compile("CREATE (UNIQUE )?INDEX \\w+ ON (?<table>\\w+)");
  private static final Pattern CONCURRENT =
      Pattern.compile(
          "(\\s*DROP INDEX CONCURRENTLY IF EXISTS (?<index>\\w+);"
              + "\\s*CREATE (UNIQUE )?INDEX CONCURRENTLY \\k<index>\\s+ON [^;]*;\\s*)");

  @Test
  void indexesOnTablesThatAreThereAreMadeConcurrently() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("db/migration"))) {
      List<Path> later =
          files.filter(f -> f.getFileName().toString().compareTo(FIRST) >= 0).toList();
      for (Path file : later) {
        assertThat(keepsTheRule(Files.readString(file))).as("%s", file).isTrue();
      }
    }
  }

  @Test
  void theRuleKnowsAViolation() {
    assertThat(keepsTheRule("CREATE INDEX a ON job (queue);")).isFalse();
    assertThat(keepsTheRule("CREATE INDEX CONCURRENTLY a ON job (queue);")).isFalse();
    assertThat(keepsTheRule("CREATE TABLE b (c int);\nCREATE INDEX a ON b (c);")).isTrue();
    String made = "DROP INDEX CONCURRENTLY IF EXISTS a;\nCREATE INDEX CONCURRENTLY a ON job (b);\n";
    assertThat(keepsTheRule("-- Why.\n" + made)).isTrue();
    assertThat(keepsTheRule(made + "ALTER TABLE job ADD COLUMN c int;")).isFalse();
  }

  private static boolean keepsTheRule(String script) {
    String sql = COMMENT.matcher(script).replaceAll("");
    if (sql.contains("CONCURRENTLY")) {
      return CONCURRENT.matcher(sql).replaceAll("").isBlank();
    }
    return INDEX
        .matcher(sql)
        .results()
        .allMatch(made -> sql.contains("CREATE TABLE " + made.group("table") + " "));
  }
}
