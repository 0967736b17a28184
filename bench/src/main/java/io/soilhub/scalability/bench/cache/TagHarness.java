package io.soilhub.scalability.bench.cache;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// How long the invalidation of a tag takes that so many entries in Redis carry, until it is
/// confirmed by all replicas.
final class TagHarness {

  private static final int LOADERS = 8;

  private final OursCacheSubject.Ours writer;
  private final OursCacheSubject.Ours reader;
  private final Source source;

  TagHarness(OursCacheSubject.Ours writer, OursCacheSubject.Ours reader, Source source) {
    this.writer = writer;
    this.reader = reader;
    this.source = source;
  }

  /// @param times each with all entries loaded anew
  /// @return p50 of the call, microseconds
  /// @throws IllegalStateException when an entry outlives its tag
  double measure(int entries, int times) throws InterruptedException {
    String tag = "tag-" + entries;
    double[] calls = new double[times];
    for (int i = 0; i < times; i++) {
      load(tag, entries);
      String last = OursCacheSubject.tagged(tag, entries - 1);
      reader.read(last);
      long loads = source.loads();
      long begin = System.nanoTime();
      writer.invalidateTag(tag);
      calls[i] = (System.nanoTime() - begin) / 1e3;
      reader.read(last);
      if (source.loads() == loads) {
        throw new IllegalStateException("an entry outlived its tag");
      }
    }
    Arrays.sort(calls);
    return calls[times / 2];
  }

  private void load(String tag, int entries) throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    List<Thread> loaders = new ArrayList<>();
    for (int t = 0; t < LOADERS; t++) {
      loaders.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = next.getAndIncrement(); i < entries; i = next.getAndIncrement()) {
                      String key = OursCacheSubject.tagged(tag, i);
                      source.store(key, "value");
                      writer.read(key);
                    }
                  }));
    }
    for (Thread loader : loaders) {
      loader.join();
    }
  }
}
