package io.soilhub.scalability.monitoring.exposition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a container may take: the control group that the process is in, and those above it, whose
/// limits hold as well. Version 1 has a tree for each kind of limit, version 2 one tree for all;
/// where both are mounted, version 1 has the limits. A container often sees its own group as the
/// root of the tree, whatever path it is told: paths that are not there are passed over.
///
/// https://docs.kernel.org/admin-guide/cgroup-v2.html and .../cgroup-v1/memory.html
final class Cgroup {

  private static final String ROOT = "/sys/fs/cgroup";

  /// Version 1 writes the largest number of pages for no limit.
  private static final long UNLIMITED = 1L << 60;

  private final TextFiles files;
  private final String groups;

  Cgroup(TextFiles files) {
    this.files = files;
    this.groups = files.read("/proc/self/cgroup").orElse("");
  }

  /// Memory against the smallest limit, without the pages of files that can be dropped at once:
  /// what the kernel kills for and what Kubernetes evicts for. Empty without a limit.
  Optional<Usage> memory() {
    Optional<String> own = path("memory");
    return own.isPresent()
        ? tightest(
            levels(ROOT + "/memory", own.get()),
            "/memory.limit_in_bytes",
            "/memory.usage_in_bytes",
            "total_inactive_file")
        : tightest(
            levels(ROOT, path("").orElse("/")), "/memory.max", "/memory.current", "inactive_file");
  }

  /// Processors that may be busy all the time, for instance 0.5; empty without a limit.
  OptionalDouble processors() {
    Optional<String> own = path("cpu");
    List<String> levels =
        own.isPresent() ? levels(ROOT + "/cpu", own.get()) : levels(ROOT, path("").orElse("/"));
    return levels.stream()
        .map(level -> own.isPresent() ? quota(level) : cpuMax(level))
        .filter(OptionalDouble::isPresent)
        .mapToDouble(OptionalDouble::getAsDouble)
        .min();
  }

  private Optional<Usage> tightest(
      List<String> levels, String limitFile, String usedFile, String droppable) {
    Optional<Usage> tightest = Optional.empty();
    for (String level : levels) {
      OptionalLong limit = number(level + limitFile);
      OptionalLong used = number(level + usedFile);
      boolean limited = limit.isPresent() && limit.getAsLong() < UNLIMITED && used.isPresent();
      if (limited && tightest.stream().noneMatch(t -> t.limit() <= limit.getAsLong())) {
        long held = Math.max(0, used.getAsLong() - statistic(level + "/memory.stat", droppable));
        tightest = Optional.of(new Usage(held, limit.getAsLong()));
      }
    }
    return tightest;
  }

  /// The path of the group in the tree of a controller; that of version 2 has no name.
  private Optional<String> path(String controller) {
    for (String line : groups.lines().toList()) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3 && List.of(parts[1].split(",")).contains(controller)) {
        return Optional.of(parts[2]);
      }
    }
    return Optional.empty();
  }

  /// The folders of a group and of all above it.
  private static List<String> levels(String mount, String path) {
    List<String> levels = new ArrayList<>();
    String rest = path.equals("/") ? "" : path;
    while (!rest.isEmpty()) {
      levels.add(mount + rest);
      rest = rest.substring(0, Math.max(0, rest.lastIndexOf('/')));
    }
    levels.add(mount);
    return levels;
  }

  private OptionalDouble quota(String level) {
    OptionalLong quota = number(level + "/cpu.cfs_quota_us");
    OptionalLong period = number(level + "/cpu.cfs_period_us");
    return quota.isPresent() && period.isPresent() && quota.getAsLong() > 0
        ? OptionalDouble.of((double) quota.getAsLong() / period.getAsLong())
        : OptionalDouble.empty();
  }

  private OptionalDouble cpuMax(String level) {
    Matcher max =
        Pattern.compile("(\\d+) (\\d+)\\s*").matcher(files.read(level + "/cpu.max").orElse(""));
    return max.matches()
        ? OptionalDouble.of(Double.parseDouble(max.group(1)) / Double.parseDouble(max.group(2)))
        : OptionalDouble.empty();
  }

  private OptionalLong number(String file) {
    String text = files.read(file).orElse("").strip();
    return text.matches("-?\\d{1,18}|\\d{19}")
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }

  private long statistic(String file, String name) {
    Matcher line =
        Pattern.compile("(?m)^" + name + " (\\d{1,18})$").matcher(files.read(file).orElse(""));
    return line.find() ? Long.parseLong(line.group(1)) : 0;
  }
}
