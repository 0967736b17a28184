package io.soilhub.scalability.monitoring.exposition;

import static io.soilhub.scalability.telemetry.metrics.MetricFamily.counter;
import static io.soilhub.scalability.telemetry.metrics.MetricFamily.gauge;

import com.sun.management.OperatingSystemMXBean;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.telemetry.metrics.MetricFamily;
import io.soilhub.scalability.telemetry.metrics.MetricSource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// The machine, or the container, and what the process takes of it. What the operating system does
/// not tell is left out.
final class MachineMetrics implements MetricSource {

  private static final double NANOS = 1e9;

  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final TextFiles files;
  private final Path folder;
  private final Ticker ticker;
  private final Cgroup container;
  private final Utilization process = new Utilization();
  private final Utilization host = new Utilization();

  /// @param folder on whose file system the service writes; it, or one above it, is there
  MachineMetrics(TextFiles files, Path folder, Ticker ticker) {
    this.files = files;
    this.folder = folder.toAbsolutePath().normalize();
    this.ticker = ticker;
    this.container = new Cgroup(files);
    processRatio();
    hostRatio();
  }

  @Override
  public List<MetricFamily> families() {
    List<MetricFamily> all = new ArrayList<>();
    addProcessors(all);
    addMemory(all);
    disk().ifPresent(usage -> addDisk(all, usage));
    files.read("/proc/net/dev").map(ProcFs::network).ifPresent(traffic -> addTraffic(all, traffic));
    return all;
  }

  private void addProcessors(List<MetricFamily> all) {
    all.add(gauge("soilhub_cpus", "Processors that the process may keep busy.", cpus()));
    all.add(
        counter(
            "soilhub_process_cpu_seconds_total",
            "Processor time that the process used.",
            system.getProcessCpuTime() / NANOS));
    processRatio()
        .ifPresent(
            ratio ->
                all.add(
                    gauge(
                        "soilhub_process_cpu_ratio",
                        "Share of soilhub_cpus that the process used since the last look.",
                        ratio)));
    hostRatio()
        .ifPresent(
            ratio ->
                all.add(
                    gauge(
                        "soilhub_host_cpu_ratio",
                        "Share of the machine's processors in use since the last look.",
                        ratio)));
    double load = system.getSystemLoadAverage();
    if (load >= 0) {
      all.add(gauge("soilhub_host_load", "Processes that run or wait, average of a minute.", load));
    }
  }

  private void addMemory(List<MetricFamily> all) {
    Usage memory = memory();
    all.add(
        gauge(
            "soilhub_memory_used_bytes",
            "Memory in use of the container, or of the machine where the container has no limit.",
            memory.used()));
    all.add(
        gauge(
            "soilhub_memory_limit_bytes",
            "Memory limit of the container, or memory of the machine where it has none.",
            memory.limit()));
    all.add(
        gauge(
            "soilhub_memory_used_ratio",
            "soilhub_memory_used_bytes as a share of soilhub_memory_limit_bytes.",
            memory.ratio()));
    OptionalLong resident =
        files.read("/proc/self/status").map(ProcFs::resident).orElse(OptionalLong.empty());
    if (resident.isPresent()) {
      all.add(
          gauge(
              "soilhub_process_resident_memory_bytes",
              "Memory of the process that is not swapped out.",
              resident.getAsLong()));
    }
  }

  private static void addDisk(List<MetricFamily> all, Usage disk) {
    all.add(
        gauge(
            "soilhub_disk_used_bytes",
            "Bytes in use on the file system of the logs.",
            disk.used()));
    all.add(
        gauge(
            "soilhub_disk_limit_bytes",
            "Bytes of that file system that the process can use, those in use included.",
            disk.limit()));
  }

  private static void addTraffic(List<MetricFamily> all, ProcFs.Traffic traffic) {
    all.add(
        counter(
            "soilhub_network_received_bytes_total",
            "Bytes received over all interfaces but the loopback, since boot.",
            traffic.received()));
    all.add(
        counter(
            "soilhub_network_transmitted_bytes_total",
            "Bytes sent over all interfaces but the loopback, since boot.",
            traffic.transmitted()));
  }

  private double cpus() {
    int available = system.getAvailableProcessors();
    return Math.min(container.processors().orElse(available), available);
  }

  private OptionalDouble processRatio() {
    long now = ticker.nanos();
    return process.look(now, system.getProcessCpuTime(), now * cpus());
  }

  private OptionalDouble hostRatio() {
    Optional<ProcFs.CpuTime> time = files.read("/proc/stat").flatMap(ProcFs::cpu);
    return time.isPresent()
        ? host.look(ticker.nanos(), time.get().busy(), time.get().total())
        : OptionalDouble.empty();
  }

  /// The container's where it has less than the machine.
  private Usage memory() {
    Usage machine =
        files
            .read("/proc/meminfo")
            .flatMap(ProcFs::memory)
            .orElseGet(
                () ->
                    new Usage(
                        system.getTotalMemorySize() - system.getFreeMemorySize(),
                        system.getTotalMemorySize()));
    return container.memory().filter(own -> own.limit() < machine.limit()).orElse(machine);
  }

  private Optional<Usage> disk() {
    try {
      FileStore store = Files.getFileStore(existing(folder));
      long used = store.getTotalSpace() - store.getUnallocatedSpace();
      return Optional.of(new Usage(used, used + store.getUsableSpace()));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static Path existing(Path path) {
    Path there = path;
    while (there.getParent() != null && !Files.exists(there)) {
      there = there.getParent();
    }
    return there;
  }
}
