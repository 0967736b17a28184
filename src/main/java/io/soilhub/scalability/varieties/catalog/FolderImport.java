package io.soilhub.scalability.varieties.catalog;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.postgres.QueryFailed;
import io.soilhub.scalability.varieties.model.Reml;
import io.soilhub.scalability.varieties.trials.DataSetFolder;
import io.soilhub.scalability.varieties.trials.TableRejected;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Brings the data sets of the given folders into the store, once each content: a set whose content
/// hash is stored already is not even read. A set that cannot be used is named in the log and does
/// not keep the others out. What the store did not take is tried again, after a pause that doubles.
final class FolderImport {

  private static final Logger LOG = System.getLogger(FolderImport.class.getName());
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /// How far it is.
  ///
  /// @param obstacles why the last try was not the last, by data set, fit to be shown
  /// @param pause until the next try, from `at` on the ticker
  private record ImportState(boolean done, List<String> obstacles, Duration pause, long at) {

    boolean mayTry(long now) {
      return !done && now - at >= pause.toNanos();
    }

    ImportState after(List<String> found, long now) {
      Duration next = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
      return new ImportState(
          found.isEmpty(),
          List.copyOf(found),
          next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE,
          now);
    }
  }

  private final List<DataSetFolder> folders;
  private final TrialStore store;
  private final Ticker ticker;
  private volatile ImportState state;

  FolderImport(List<DataSetFolder> folders, TrialStore store, Ticker ticker) {
    this.folders = List.copyOf(folders);
    this.store = store;
    this.ticker = ticker;
    this.state = new ImportState(false, List.of(), Duration.ZERO, ticker.nanos());
  }

  /// Imports what is new. For a loop: does nothing after the first time that all went through, nor
  /// before the pause after a failure is over.
  synchronized void step() {
    if (state.mayTry(ticker.nanos())) {
      List<String> obstacles = new ArrayList<>();
      folders.forEach(folder -> importFolder(folder, obstacles));
      state = state.after(obstacles, ticker.nanos());
    }
  }

  /// Whether all that was found has been tried once. Never waits for a running import.
  boolean done() {
    return state.done();
  }

  /// Why it is not done after the last try; empty before the first.
  List<String> obstacles() {
    return state.obstacles();
  }

  private void importFolder(DataSetFolder folder, List<String> obstacles) {
    try {
      folder.entries().forEach(entry -> importSet(entry, obstacles));
    } catch (TableRejected e) {
      LOG.log(Level.ERROR, "A folder of trials cannot be used: {0}", e.getMessage());
    }
  }

  private void importSet(DataSetFolder.DataSetSource entry, List<String> obstacles) {
    try {
      String hash = entry.contentHash();
      if (store.contentHash(entry.id()).filter(hash::equals).isPresent()) {
        return;
      }
      if (store.save(entry.load(Reml::fit), hash)) {
        LOG.log(Level.INFO, "Imported the trials {0}", entry.id());
      }
    } catch (IllegalArgumentException e) {
      LOG.log(Level.ERROR, "The trials {0} cannot be used: {1}", entry.id(), e.getMessage());
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "the trials " + entry.id() + " are tried again", e);
      obstacles.add(entry.id() + ": " + reason(e));
    }
  }

  private static String reason(RuntimeException e) {
    return switch (e) {
      case Problem problem -> problem.getMessage();
      case QueryFailed refused ->
          "The database refuses them (SQLSTATE %s).".formatted(refused.state());
      default -> "The import failed unexpectedly; the log says how.";
    };
  }
}
