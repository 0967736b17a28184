package io.soilhub.scalability.gateway;

/// A header field of a request or an answer, one line of it.
public record Field(String name, String value) {}
