package io.soilhub.scalability.bench.cache;

/// A cache system under measure, inside its own JVM: replicas with connections and first levels of
/// their own, as if each were in another process, over one Redis and one [Source].
interface CacheSubject extends AutoCloseable {

  enum Shape {
    /// As the system is meant to be used: a first level in the process, Redis behind it.
    NEAR_AND_FAR,
    /// Redis alone.
    FAR
  }

  /// One replica. Called from many threads.
  interface Replica extends AutoCloseable {

    /// The value as its users would read it: through the levels, then from the source.
    String read(String key);

    /// Changes the source and tells the cache, as the system's documentation says.
    void write(String key, String value);

    @Override
    void close();
  }

  /// @throws UnsupportedOperationException when the system has no such shape
  Replica open(Shape shape);

  /// Where the system keeps its truth.
  Source source();

  @Override
  void close();
}
