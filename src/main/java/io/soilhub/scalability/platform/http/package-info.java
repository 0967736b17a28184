/// How requests are read: JSON bodies, query parameters, pages, conditions, and the roles that an
/// operation asks for.
///
/// Entry points: [io.soilhub.scalability.platform.http.Violations] for everything that is wrong
/// with a body, [io.soilhub.scalability.platform.http.JsonObjectReader] for one without a fixed
/// form, [io.soilhub.scalability.platform.http.PageRequest],
/// [io.soilhub.scalability.platform.http.RequiresRole].
package io.soilhub.scalability.platform.http;
