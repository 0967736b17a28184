package io.soilhub.scalability.architecture.violations.jobs.engine;

class SleepsAwhile {
  void sleep() throws InterruptedException {
    Thread.sleep(1);
  }
}
