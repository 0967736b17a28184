/// Tells people when something is wrong, once, and remembers it.
///
/// Entry points: [io.soilhub.scalability.monitoring.alerts.SignalSource], which brings the numbers
/// that rules look at ([io.soilhub.scalability.monitoring.alerts.RecordedSignals] takes them from
/// what all replicas recorded); [io.soilhub.scalability.monitoring.alerts.Alerts] with the verbs of
/// the REST API; [io.soilhub.scalability.monitoring.alerts.AlertStateMachine], which decides;
/// [io.soilhub.scalability.monitoring.alerts.NotificationDelivery], which sends.
///
/// Invariants: an evaluation writes only if no other one was written since it began to read, so
/// that two replicas never both act on one state; what is to be sent is written in the transaction
/// of the transition that it tells of, and sent without Redis or jobs, in order for each rule and
/// receiver; an alert that was told of as firing is told of once more, as resolved.
package io.soilhub.scalability.monitoring.alerts;
