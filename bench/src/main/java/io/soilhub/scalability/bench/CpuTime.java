package io.soilhub.scalability.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/// Processor time of a process and its descendants, living and reaped, from Linux's /proc (proc(5),
/// fields utime, stime, cutime, cstime in clock ticks of 10 ms).
public final class CpuTime {

  private static final double TICKS_A_SECOND = 100;

  private CpuTime() {}

  /// Seconds so far, or 0 where there is no /proc.
  public static double seconds(ProcessHandle process) {
    return Stream.concat(Stream.of(process), process.descendants())
        .mapToDouble(one -> ticks(one.pid()) / TICKS_A_SECOND)
        .sum();
  }

  private static long ticks(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return Arrays.stream(fields, 11, 15).mapToLong(Long::parseLong).sum();
    } catch (IOException e) {
      return 0;
    }
  }
}
