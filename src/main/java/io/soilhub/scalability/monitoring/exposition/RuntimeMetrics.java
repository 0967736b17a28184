package io.soilhub.scalability.monitoring.exposition;

import static io.soilhub.scalability.telemetry.metrics.MetricFamily.gauge;

import com.sun.management.UnixOperatingSystemMXBean;
import io.soilhub.scalability.telemetry.metrics.Labels;
import io.soilhub.scalability.telemetry.metrics.MetricFamily;
import io.soilhub.scalability.telemetry.metrics.MetricFamily.Value;
import io.soilhub.scalability.telemetry.metrics.MetricSource;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// The Java runtime: its memory, collections, threads and files.
final class RuntimeMetrics implements MetricSource {

  private static final double MILLIS = 1000;

  @Override
  public List<MetricFamily> families() {
    List<MetricFamily> all = new ArrayList<>();
    addMemory(all, ManagementFactory.getMemoryMXBean());
    all.add(
        collections(
            "soilhub_gc_collections_total",
            "Collections by a collector.",
            GarbageCollectorMXBean::getCollectionCount));
    all.add(
        collections(
            "soilhub_gc_pause_seconds_total",
            "Time that collections by a collector took.",
            collector -> collector.getCollectionTime() / MILLIS));
    all.add(
        gauge(
            "soilhub_threads",
            "Threads of the operating system in the process.",
            ManagementFactory.getThreadMXBean().getThreadCount()));
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      all.add(
          gauge(
              "soilhub_open_files",
              "Open files and sockets of the process.",
              unix.getOpenFileDescriptorCount()));
      all.add(
          gauge(
              "soilhub_open_files_limit",
              "Files and sockets that it may have open.",
              unix.getMaxFileDescriptorCount()));
    }
    return all;
  }

  private static void addMemory(List<MetricFamily> all, MemoryMXBean memory) {
    MemoryUsage heap = memory.getHeapMemoryUsage();
    List<Value> used =
        List.of(
            new Value(Labels.of("area", "heap"), heap.getUsed()),
            new Value(Labels.of("area", "non_heap"), memory.getNonHeapMemoryUsage().getUsed()));
    all.add(
        new MetricFamily(
            "soilhub_jvm_memory_used_bytes",
            "Memory that the Java runtime uses for objects (heap) and for code and classes.",
            MetricFamily.Type.GAUGE,
            used));
    all.add(
        new MetricFamily(
            "soilhub_jvm_memory_limit_bytes",
            "Memory that it may use.",
            MetricFamily.Type.GAUGE,
            List.of(new Value(Labels.of("area", "heap"), heap.getMax()))));
  }

  private static MetricFamily collections(
      String name, String help, ToDoubleFunction<GarbageCollectorMXBean> value) {
    List<Value> values =
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .map(
                collector ->
                    new Value(
                        Labels.of("collector", collector.getName()),
                        value.applyAsDouble(collector)))
            .toList();
    return new MetricFamily(name, help, MetricFamily.Type.COUNTER, values);
  }
}
