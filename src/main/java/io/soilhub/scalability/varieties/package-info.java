/// Variety recommendations from field trials. `trials` reads trial tables, `model` estimates
/// variety effects, `recommendation` answers what to sow at a place, `catalog` keeps the data sets,
/// searches them and serves the REST API.
package io.soilhub.scalability.varieties;
