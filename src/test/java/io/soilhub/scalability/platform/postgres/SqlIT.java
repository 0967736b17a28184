package io.soilhub.scalability.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.testing.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SqlIT {

  private static final UUID ID = new UUID(1, 2);
  private static final Instant AT = Instant.parse("2026-03-01T12:00:00.123456Z");

  private Database database;

  @BeforeEach
  void table() {
    database = TestPostgres.open(TestPostgres.shared().newDatabase());
    update("CREATE TABLE item (id uuid PRIMARY KEY, at timestamptz, tags text[], n int)");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void valuesComeBackAsTheyWere() {
    update("INSERT INTO item VALUES (?, ?, ?, ?)", ID, AT, Sql.array("text", List.of("a", "b")), 3);
    update(
        "INSERT INTO item VALUES (?, ?, ?, ?)",
        new UUID(0, 1),
        Optional.<Instant>empty(),
        Sql.array("text", List.of()),
        Optional.of(4));
    List<String> read =
        database.inTransaction(
            connection ->
                Sql.read(
                    connection,
                    "SELECT * FROM item WHERE id = ANY (?) ORDER BY n",
                    row ->
                        Sql.time(row, "at") + " " + row.getString("tags") + " " + row.getInt("n"),
                    Sql.array("uuid", List.of(ID, new UUID(0, 1)))));
    assertThat(read).containsExactly(Optional.of(AT) + " {a,b} 3", "Optional.empty {} 4");
  }

  @Test
  void aBatchIsTheSameStatementForEachRow() {
    database.inTransaction(
        connection -> {
          Sql.batch(
              connection,
              "INSERT INTO item (id, n) VALUES (?, ?)",
              List.of(new Object[] {ID, 1}, new Object[] {new UUID(3, 4), 2}));
          return null;
        });
    assertThat(first("SELECT sum(n) FROM item")).contains(3);
  }

  @Test
  void theFirstRowMayBeMissingOrNull() {
    assertThat(first("SELECT n FROM item")).isEmpty();
    update("INSERT INTO item (id) VALUES (?)", ID);
    Optional<String> text =
        database.inTransaction(
            connection -> Sql.first(connection, "SELECT tags FROM item", row -> row.getString(1)));
    assertThat(text).isEmpty();
  }

  @Test
  void aLargeAnswerComesWhole() {
    String sql = "SELECT i FROM generate_series(1, 12000) AS i ORDER BY i";
    List<Integer> read =
        database.inTransaction(connection -> Sql.read(connection, sql, row -> row.getInt(1)));
    assertThat(read).hasSize(12_000).startsWith(1).endsWith(12_000).isSorted();
  }

  @Test
  void aStatementWithALimitGivesUpOnALockedRow() {
    update("INSERT INTO item (id, n) VALUES (?, 1)", ID);
    database.inTransaction(
        holder -> {
          Sql.update(holder, "UPDATE item SET n = 2");
          assertThatThrownBy(
                  () ->
                      database.inStatement(
                          other ->
                              Sql.updateWithin(
                                  Duration.ofSeconds(1), other, "UPDATE item SET n = 3")))
              .isInstanceOf(DatabaseBusy.class);
          return null;
        });
    assertThat(first("SELECT n FROM item")).contains(2);
  }

  private void update(String sql, Object... values) {
    database.inTransaction(connection -> Sql.update(connection, sql, values));
  }

  private Optional<Integer> first(String sql) {
    return database.inTransaction(connection -> Sql.first(connection, sql, row -> row.getInt(1)));
  }
}
