package io.soilhub.scalability.api;

import io.soilhub.scalability.platform.settings.Setting;
import java.util.List;

/// The settings of later versions. They are documented and checked, so that a deployment can
/// already set them; nothing reads them yet.
final class ReservedSettings {

  static final List<Setting<?>> ALL =
      List.of(
          Setting.integer("MAX_INSTANCES", 10, 1, 10_000, "largest fleet").reserved(),
          Setting.integer("MIN_INSTANCES", 2, 0, 10_000, "smallest fleet").reserved(),
          Setting.integer("BACKUP_INTERVAL_HOURS", 6, 1, 8760, "hours between two backups")
              .reserved(),
          Setting.integer("BACKUP_RETENTION_DAYS", 30, 1, 3650, "days that a backup is kept")
              .reserved(),
          Setting.word(
                  "METRICS_AUTH",
                  "false",
                  List.of("false"),
                  "credentials for /metrics and /openapi: not possible yet, so true is refused")
              .reserved());

  private ReservedSettings() {}
}
