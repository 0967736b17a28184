package io.soilhub.scalability.varieties;

import io.soilhub.scalability.prediction.Reml;
import io.soilhub.scalability.trials.DataSetFolder;
import io.soilhub.scalability.trials.TableRejected;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;

/// Brings the data sets of the given folders into the store, once each content: a set whose content
/// hash is stored already is not even read. A set that cannot be used is named in the log and does
/// not keep the others out.
final class FolderImport {

  private static final Logger LOG = System.getLogger(FolderImport.class.getName());

  private final List<DataSetFolder> folders;
  private final TrialStore store;
  private volatile boolean done;

  FolderImport(List<DataSetFolder> folders, TrialStore store) {
    this.folders = List.copyOf(folders);
    this.store = store;
  }

  /// Imports what is new. For a loop: does nothing after the first time that all went through, and
  /// is tried again after PostgreSQL was away.
  synchronized void step() {
    if (!done) {
      folders.forEach(this::importFolder);
      done = true;
    }
  }

  /// Whether all that was found has been tried once. Never waits for a running import.
  boolean done() {
    return done;
  }

  private void importFolder(DataSetFolder folder) {
    try {
      folder.entries().forEach(this::importSet);
    } catch (TableRejected e) {
      LOG.log(Level.ERROR, "A folder of trials cannot be used: {0}", e.getMessage());
    }
  }

  private void importSet(DataSetFolder.Entry entry) {
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
    }
  }
}
