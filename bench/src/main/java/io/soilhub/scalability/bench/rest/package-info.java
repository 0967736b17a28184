/// The service on Open Liberty with an endpoint that has nothing to do, and what asks it.
package io.soilhub.scalability.bench.rest;
