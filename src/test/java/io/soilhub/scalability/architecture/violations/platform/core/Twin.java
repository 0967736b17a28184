package io.soilhub.scalability.architecture.violations.platform.core;

class Twin {}
