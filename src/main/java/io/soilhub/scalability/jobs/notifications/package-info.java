/// Messages to the log, to a webhook or by e-mail, and the job type `notification` that sends them.
///
/// Entry points: [io.soilhub.scalability.jobs.notifications.NotificationHandler], the job type;
/// [io.soilhub.scalability.jobs.notifications.Channels], which sends without a job what the service
/// itself has to tell.
///
/// Invariants: a webhook's URL is checked at submission, the addresses of its host at every call,
/// which goes to these and no others; no redirect is followed; every call has a time limit; what
/// goes to the receiver of alerts is signed.
package io.soilhub.scalability.jobs.notifications;
