/// The job type `notification`: a message to the log, to a webhook or by e-mail.
///
/// Entry point: [io.soilhub.scalability.notifications.NotificationHandler].
///
/// Invariants: a webhook's URL is checked at submission, the addresses of its host at every call,
/// which goes to these and no others; no redirect is followed; every call has a time limit; what
/// goes to the receiver of alerts is signed.
package io.soilhub.scalability.notifications;
