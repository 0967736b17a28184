package io.soilhub.scalability.balancing.healthcheck;

import java.util.Map;

/// The board on which replicas post their bulletins.
interface ReplicaReports {

  /// Posts that of this replica.
  ///
  /// @return those of the others that are a few seconds old at most; none while the board is away
  Map<String, ReplicaReport> exchange(ReplicaReport own);

  /// Takes down that of this replica, for a graceful stop.
  void withdraw();
}
