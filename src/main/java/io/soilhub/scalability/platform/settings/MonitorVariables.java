package io.soilhub.scalability.platform.settings;

import static io.soilhub.scalability.platform.settings.Variable.flag;
import static io.soilhub.scalability.platform.settings.Variable.text;
import static io.soilhub.scalability.platform.settings.Variable.whole;

import java.util.List;

/// The variables of the performance monitor: how long statistics are kept, and who hears of alerts.
final class MonitorVariables {

  static final List<Variable> ALL =
      List.of(
          whole(
              "METRICS_MINUTES_KEPT_HOURS",
              2,
              744,
              "48",
              "how long statistics are kept by the minute"),
          whole("METRICS_HOURS_KEPT_DAYS", 2, 400, "35", "how long they are kept by the hour"),
          whole("METRICS_DAYS_KEPT_DAYS", 35, 4000, "400", "how long they are kept by the day"),
          whole(
              "METRICS_MAX_NAMES", 10, 100_000, "1000", "names of metrics that a replica records"),
          whole(
              "METRICS_MAX_SERIES_PER_NAME",
              1,
              10_000,
              "200",
              "sets of labels of a name; what comes after them is put together"),
          whole(
              "SLOW_OPERATION_MS",
              1,
              3_600_000,
              "2000",
              "operations that take longer are logged, each once a minute"),
          whole("SLOW_JOB_SECONDS", 1, 86_400, "60", "the same for runs of jobs"),
          whole("ALERT_INTERVAL_SECONDS", 1, 3600, "15", "between two evaluations of the rules"),
          text(
              "ALERT_WEBHOOK_URL",
              "http or https URL",
              "",
              "where alerts are posted to; may be a private address"),
          text(
              "ALERT_WEBHOOK_SECRET",
              "16 characters or more, or `whsec_` and Base64",
              "",
              "key of the signature of those posts; needed with ALERT_WEBHOOK_URL"),
          text("ALERT_EMAIL_TO", "addresses with commas", "", "who gets alerts by e-mail"),
          whole("ALERT_RETENTION_DAYS", 1, 3650, "90", "how long alerts are kept after their end"),
          text("SMTP_HOST", "name or address", "", "mail server; without it there is no e-mail"),
          whole("SMTP_PORT", 1, 65535, "587", "its port"),
          text("SMTP_USERNAME", "text", "", "login there, if it wants one"),
          text("SMTP_PASSWORD", "text", "", "password of that login"),
          flag("SMTP_STARTTLS", "true", "talk to it over TLS only, begun by STARTTLS"),
          text("SMTP_FROM", "name@domain", "", "sender of e-mail; needed with SMTP_HOST"));

  private MonitorVariables() {}
}
