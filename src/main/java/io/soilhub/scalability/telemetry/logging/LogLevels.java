package io.soilhub.scalability.telemetry.logging;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.http.Violations;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/// The levels at which this replica logs, where they are not the usual ones. They hold until they
/// are changed or the replica ends.
public final class LogLevels {

  private static final System.Logger LOG = System.getLogger(LogLevels.class.getName());
  private static final int MOST = 100;
  private static final String NAME = "[A-Za-z0-9_$]+(\\.[A-Za-z0-9_$]+)*";
  private static final Map<String, Level> LEVELS =
      Map.of(
          "debug", Level.FINE,
          "info", Level.INFO,
          "warning", Level.WARNING,
          "error", Level.SEVERE,
          "off", Level.OFF);

  /// Loggers are forgotten with their level unless somebody keeps them.
  private final Map<String, Logger> kept = new TreeMap<>();

  private final SortedMap<String, String> set = new TreeMap<>();

  /// By the names of loggers: of a class or of a package with all below it.
  public synchronized Map<String, String> all() {
    return new TreeMap<>(set);
  }

  /// Puts levels in place of all that were set; a logger that is not among them logs as before.
  ///
  /// @param levels `debug`, `info`, `warning`, `error` or `off` by the name of a logger
  /// @throws Problem of kind INVALID; nothing is changed then
  public synchronized void replace(Map<String, String> levels) {
    check(levels);
    kept.forEach((name, logger) -> logger.setLevel(null));
    kept.clear();
    set.clear();
    levels.forEach(
        (name, level) -> {
          Logger logger = Logger.getLogger(name);
          logger.setLevel(LEVELS.get(level));
          kept.put(name, logger);
          set.put(name, level);
        });
    LOG.log(System.Logger.Level.INFO, "levels are now {0}", set);
  }

  private static void check(Map<String, String> levels) {
    Violations violations = new Violations();
    violations.require(
        levels.size() <= MOST, "/levels", "must be at most %d loggers".formatted(MOST));
    levels.forEach(
        (name, level) -> {
          String pointer = "/levels" + Violations.step(name);
          if (!name.matches(NAME) || name.length() > 200) {
            violations.add(pointer, "is not the name of a class or a package");
          } else if (level == null || !LEVELS.containsKey(level)) {
            violations.add(pointer, "must be debug, info, warning, error or off");
          }
        });
    violations.raise();
  }
}
