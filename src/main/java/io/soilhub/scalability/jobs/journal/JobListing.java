package io.soilhub.scalability.jobs.journal;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The query of a list: walks over one or two indexes in the order of the list, each of which looks
/// at a bounded number of jobs, however few of them belong to the list. The status is in no index,
/// because every claim changes it, so no index alone could answer every filter.
final class JobListing {

  /// Jobs that one walk of a page looks at; some tens of milliseconds when they have to come from
  /// disk.
  static final int LOOKED_AT = 10_000;

  /// @param next where the next page begins; empty when nothing is left
  record Rows(List<JobRow> rows, Optional<UUID> next) {}

  /// @param lookedAt where the walk came by; its job may be gone, when it is one of a tag
  private record Walked(int walk, JobRow job, UUID lookedAt, boolean listed, boolean last) {

    static Walked of(Object[] row) {
      return new Walked(
          (Integer) row[1], (JobRow) row[0], (UUID) row[2], (Boolean) row[3], (Boolean) row[4]);
    }
  }

  /// Leaves the planner the walk alone: what it believes about the values, and how large it
  /// believes the table to be, is as of its last look.
  private static final String WALK_ONLY =
      Stream.of(
              "enable_sort",
              "enable_seqscan",
              "enable_bitmapscan",
              "enable_hashjoin",
              "enable_mergejoin",
              "jit")
          .map("set_config('%s', 'off', true)"::formatted)
          .collect(Collectors.joining(", ", "SELECT ", ""));

  private static final String COLUMNS =
      """
      job_id, job_type, queue, priority, cast('' AS text) AS payload, tags, status, progress, attempt,
      max_attempts, crash_count, fence, timeout_seconds, cancel_requested, created_at, run_at,
      started_at, completed_at, worker, cast(NULL AS text) AS result, error_type, error_message
      """;

  private static final String JOBS =
      """
      SELECT job.*, job_id AS looked_at, row_number() OVER (ORDER BY %2$s) AS place
      FROM job WHERE %1$s ORDER BY %2$s LIMIT :most
      """;

  private static final String TAGGED =
      """
      SELECT job.*, t.* FROM (
        SELECT tag, job_id AS looked_at, row_number() OVER (ORDER BY %2$s) AS place
        FROM job_tag WHERE %1$s ORDER BY %2$s LIMIT :most) AS t
      LEFT JOIN job ON job.job_id = t.looked_at
      """;

  /// The last job that is looked at comes along, so that it is known where the next page begins.
  private static final String LISTED_ROWS =
      """
      (SELECT %1$s, %5$d AS walk, looked_at, coalesce(%2$s, false) AS listed, place = :most AS last
      FROM (%3$s) AS walked
      WHERE (%2$s) OR place = :most ORDER BY %4$s LIMIT :limit)
      """;

  /// As PostgreSQL compares them: the greater id is that of the younger job.
  private static final Comparator<UUID> BY_AGE = Comparator.comparing(UUID::toString);

  private final JobFilter filter;
  private final JobFilter.Page page;
  private final int most;

  JobListing(JobFilter filter, JobFilter.Page page, int most) {
    this.filter = filter;
    this.page = page;
    this.most = most;
  }

  Rows read(EntityManager entities) {
    entities.createNativeQuery(WALK_ONLY).getSingleResult();
    Query query = entities.createNativeQuery(sql(), JobRow.LISTED);
    Map.of(
            "status", filter.status(),
            "queue", filter.queue(),
            "type", filter.jobType(),
            "tag", filter.tag())
        .forEach((name, value) -> set(query, name, value));
    query.setParameter("before", page.before());
    query.setParameter("most", most);
    query.setParameter("limit", page.limit() + 1);
    @SuppressWarnings("unchecked")
    List<Object[]> found = query.getResultList();
    return found.stream()
        .map(Walked::of)
        .collect(Collectors.groupingBy(Walked::walk))
        .values()
        .stream()
        .map(this::rows)
        .reduce(this::merged)
        .orElse(new Rows(List.of(), Optional.empty()));
  }

  private Rows rows(List<Walked> walk) {
    return page(
        walk.stream().filter(Walked::listed).map(Walked::job).toList(),
        walk.stream().filter(Walked::last).map(Walked::lookedAt).findFirst());
  }

  /// Both together as far as both have come: beyond, the one that stopped earlier could have jobs
  /// between those of the other.
  private Rows merged(Rows one, Rows other) {
    Optional<UUID> next = Stream.of(one.next, other.next).flatMap(Optional::stream).max(BY_AGE);
    List<JobRow> rows =
        Stream.of(one.rows, other.rows)
            .flatMap(List::stream)
            .filter(row -> next.stream().allMatch(end -> BY_AGE.compare(row.jobId, end) >= 0))
            .sorted(Comparator.comparing((JobRow row) -> row.jobId, BY_AGE.reversed()))
            .toList();
    return page(rows, next);
  }

  /// @param next where it goes on when all of `listed` fit
  private Rows page(List<JobRow> listed, Optional<UUID> next) {
    if (listed.size() <= page.limit()) {
      return new Rows(listed, next);
    }
    List<JobRow> rows = listed.subList(0, page.limit());
    return new Rows(rows, Optional.of(rows.getLast().jobId));
  }

  String sql() {
    List<JobFilter.Walk> walks = filter.walks();
    return IntStream.range(0, walks.size())
        .mapToObj(i -> sql(walks.get(i), i))
        .collect(Collectors.joining(" UNION ALL "));
  }

  private String sql(JobFilter.Walk walk, int number) {
    String walked =
        (walk.table().equals("job") ? JOBS : TAGGED).formatted(walk.range(), walk.order("job_id"));
    return LISTED_ROWS.formatted(
        COLUMNS, filter.condition(), walked, walk.order("looked_at"), number);
  }

  private static void set(Query query, String name, String value) {
    if (!value.isEmpty()) {
      query.setParameter(name, value);
    }
  }
}
