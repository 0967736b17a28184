package io.soilhub.scalability.journal;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The query of a list: a walk over one index in the order of the list, which looks at a bounded
/// number of jobs, however few of them belong to the list. The status is in no index, because every
/// claim changes it, so no index alone could answer every filter.
final class JobListing {

  /// Jobs that one page looks at; some tens of milliseconds when they have to come from disk.
  static final int LOOKED_AT = 10_000;

  /// @param next where the next page begins; empty when nothing is left
  record Rows(List<JobRow> rows, Optional<UUID> next) {}

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
  private static final String LISTED =
      """
      SELECT %1$s, looked_at, coalesce(%2$s, false) AS listed, place = :most AS last
      FROM (%3$s) AS walked
      WHERE (%2$s) OR place = :most ORDER BY %4$s LIMIT :limit
      """;

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
    List<JobRow> listed =
        found.stream().filter(row -> (Boolean) row[2]).map(row -> (JobRow) row[0]).toList();
    if (listed.size() > page.limit()) {
      List<JobRow> rows = listed.subList(0, page.limit());
      return new Rows(rows, Optional.of(rows.getLast().jobId));
    }
    Optional<UUID> last =
        found.stream().filter(row -> (Boolean) row[3]).map(row -> (UUID) row[1]).findFirst();
    return new Rows(listed, last);
  }

  String sql() {
    JobFilter.Walk walk = filter.walk();
    String walked =
        (walk.table().equals("job") ? JOBS : TAGGED).formatted(walk.range(), walk.order("job_id"));
    return LISTED.formatted(COLUMNS, filter.condition(), walked, walk.order("looked_at"));
  }

  private static void set(Query query, String name, String value) {
    if (!value.isEmpty()) {
      query.setParameter(name, value);
    }
  }
}
