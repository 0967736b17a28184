package io.soilhub.scalability.varieties.catalog;

class StoredInMemoryTest extends TrialStoreContract {

  private final StoredInMemory store = new StoredInMemory();

  @Override
  TrialStore store() {
    return store;
  }
}
