/// What the application and its libraries log: as lines for people or as JSON, each with the id of
/// the request that it belongs to, at levels that can be changed while the service runs.
///
/// Entry points: [io.soilhub.scalability.telemetry.logging.RequestIdLogHandler], which the API puts
/// in front of the server's log; [io.soilhub.scalability.telemetry.logging.RequestId], under which
/// a thread logs; [io.soilhub.scalability.telemetry.logging.LogLevelsResource].
package io.soilhub.scalability.telemetry.logging;
