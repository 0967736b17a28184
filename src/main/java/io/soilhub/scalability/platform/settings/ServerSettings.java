package io.soilhub.scalability.platform.settings;

import static java.time.temporal.ChronoUnit.SECONDS;

import java.time.Duration;
import java.util.List;

/// The settings of the server as a whole, which more than one feature reads.
public final class ServerSettings {

  public static final Setting<String> HOST =
      Setting.text(
          "HOST",
          "127.0.0.1",
          "address, `*` for all",
          "address to listen on; not a loopback one needs AUTH_MODE or ALLOW_ANONYMOUS");

  public static final Setting<Integer> PORT =
      Setting.integer("PORT", 8000, 1, 65_535, "port to listen on");

  public static final Setting<String> LOG_DIR =
      Setting.text(
          "LOG_DIR",
          "logs",
          "path",
          "folder of application.log, access.log and, with GATEWAY_PORT, gateway.0.log");

  public static final Setting<List<String>> AUTH_MODE =
      Setting.list(
          "AUTH_MODE",
          "none",
          "`none`, or `api-key`, `jwt` or both with a comma",
          "how callers prove who they are");

  public static final Setting<Duration> SHUTDOWN_GRACE =
      Setting.duration(
          "SHUTDOWN_GRACE_SECONDS",
          SECONDS,
          20,
          0,
          600,
          "time for running jobs at a graceful stop");

  public static final List<Setting<?>> ALL =
      List.of(HOST, PORT, LOG_DIR, AUTH_MODE, SHUTDOWN_GRACE);

  private ServerSettings() {}
}
