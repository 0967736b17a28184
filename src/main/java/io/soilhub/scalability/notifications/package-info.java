/// The job type `notification`: a message to the log, to a webhook or by e-mail.
///
/// Entry point: [io.soilhub.scalability.notifications.NotificationHandler].
///
/// Invariants: a webhook's target is checked at submission and again before every call; no redirect
/// is followed; every call has a time limit; what goes to the receiver of alerts is signed.
package io.soilhub.scalability.notifications;
