package io.soilhub.scalability.architecture.violations.jobs;

class SleepsAwhile {
  void sleep() throws InterruptedException {
    Thread.sleep(1);
  }
}
