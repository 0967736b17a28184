/// The job type `notification`: a message to the log or to a webhook.
///
/// Entry point: [io.soilhub.scalability.notifications.NotificationHandler].
///
/// Invariants: a webhook's target is checked at submission and again before every call; no redirect
/// is followed; every call has a time limit.
package io.soilhub.scalability.notifications;
