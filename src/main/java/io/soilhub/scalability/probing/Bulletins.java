package io.soilhub.scalability.probing;

import java.util.Map;

/// The board on which replicas post their bulletins.
interface Bulletins {

  /// Posts that of this replica.
  ///
  /// @return those of the others that are a few seconds old at most; none while the board is away
  Map<String, Bulletin> exchange(Bulletin own);

  /// Takes down that of this replica, for a graceful stop.
  void withdraw();
}
