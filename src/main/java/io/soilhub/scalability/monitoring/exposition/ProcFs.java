package io.soilhub.scalability.monitoring.exposition;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the texts of Linux' /proc (man 5 proc).
final class ProcFs {

  private static final long KIB = 1024;
  private static final int IDLE = 3;
  private static final int WAITING_FOR_DISK = 4;

  /// user, nice, system, idle, iowait, irq, softirq, steal; the times of guests behind them are in
  /// the first two.
  private static final int DISJOINT = 8;

  /// Time of all processors since boot, in ticks.
  record CpuTime(long busy, long total) {}

  /// Bytes over all interfaces but the loopback since boot.
  record Traffic(long received, long transmitted) {}

  private ProcFs() {}

  /// What is not available to new processes without swapping, of all there is.
  ///
  /// @param meminfo /proc/meminfo
  static Optional<Usage> memory(String meminfo) {
    OptionalLong total = kilobytes(meminfo, "MemTotal");
    OptionalLong available = kilobytes(meminfo, "MemAvailable");
    return total.isPresent() && available.isPresent()
        ? Optional.of(new Usage(total.getAsLong() - available.getAsLong(), total.getAsLong()))
        : Optional.empty();
  }

  /// Bytes of the process that are in memory.
  ///
  /// @param status /proc/self/status
  static OptionalLong resident(String status) {
    return kilobytes(status, "VmRSS");
  }

  /// @param stat /proc/stat
  static Optional<CpuTime> cpu(String stat) {
    return stat.lines().filter(line -> line.startsWith("cpu ")).findFirst().flatMap(ProcFs::ticks);
  }

  private static Optional<CpuTime> ticks(String line) {
    long[] times =
        Arrays.stream(line.strip().split("\\s+"))
            .skip(1)
            .limit(DISJOINT)
            .mapToLong(Long::parseLong)
            .toArray();
    if (times.length <= WAITING_FOR_DISK) {
      return Optional.empty();
    }
    long total = Arrays.stream(times).sum();
    return Optional.of(new CpuTime(total - times[IDLE] - times[WAITING_FOR_DISK], total));
  }

  /// @param dev /proc/net/dev
  static Traffic network(String dev) {
    long received = 0;
    long transmitted = 0;
    for (String line : dev.lines().skip(2).toList()) {
      int colon = line.indexOf(':');
      if (colon > 0 && !line.substring(0, colon).strip().equals("lo")) {
        String[] counts = line.substring(colon + 1).strip().split("\\s+");
        received += Long.parseLong(counts[0]);
        transmitted += Long.parseLong(counts[8]);
      }
    }
    return new Traffic(received, transmitted);
  }

  private static OptionalLong kilobytes(String text, String name) {
    Matcher line = Pattern.compile("(?m)^" + name + ":\\s*(\\d+) kB").matcher(text);
    return line.find()
        ? OptionalLong.of(Long.parseLong(line.group(1)) * KIB)
        : OptionalLong.empty();
  }
}
