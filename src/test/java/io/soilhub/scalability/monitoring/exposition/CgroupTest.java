package io.soilhub.scalability.monitoring.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CgroupTest {

  private static final long MIB = 1 << 20;
  private static final String V1_NONE = "9223372036854771712\n";

  private final Map<String, String> files = new HashMap<>();

  @Test
  void versionTwoInAContainerThatSeesItselfAsTheRoot() {
    put("/proc/self/cgroup", "0::/\n");
    put("/sys/fs/cgroup/memory.max", 512 * MIB + "\n");
    put("/sys/fs/cgroup/memory.current", 300 * MIB + "\n");
    put("/sys/fs/cgroup/memory.stat", "anon 1\ninactive_file " + 100 * MIB + "\nactive_file 7\n");
    put("/sys/fs/cgroup/cpu.max", "150000 100000\n");
    assertThat(group().memory()).contains(new Usage(200 * MIB, 512 * MIB));
    assertThat(group().processors()).hasValue(1.5);
  }

  @Test
  void versionTwoHoldsTheSmallestLimitOfTheGroupsAbove() {
    put("/proc/self/cgroup", "0::/kubepods/pod1/c1\n");
    put("/sys/fs/cgroup/kubepods/pod1/c1/memory.max", "max\n");
    put("/sys/fs/cgroup/kubepods/pod1/c1/memory.current", 10 * MIB + "\n");
    put("/sys/fs/cgroup/kubepods/pod1/memory.max", 64 * MIB + "\n");
    put("/sys/fs/cgroup/kubepods/pod1/memory.current", 20 * MIB + "\n");
    put("/sys/fs/cgroup/kubepods/memory.max", 1024 * MIB + "\n");
    put("/sys/fs/cgroup/kubepods/memory.current", 900 * MIB + "\n");
    put("/sys/fs/cgroup/kubepods/pod1/c1/cpu.max", "max 100000\n");
    put("/sys/fs/cgroup/kubepods/pod1/cpu.max", "50000 100000\n");
    put("/sys/fs/cgroup/kubepods/cpu.max", "400000 100000\n");
    assertThat(group().memory()).contains(new Usage(20 * MIB, 64 * MIB));
    assertThat(group().processors()).hasValue(0.5);
  }

  @Test
  void versionOneInAContainerWhosePathIsNotThere() {
    put("/proc/self/cgroup", "9:memory:/docker/abc\n3:cpu,cpuacct:/docker/abc\n0::/system\n");
    put("/sys/fs/cgroup/memory/memory.limit_in_bytes", 256 * MIB + "\n");
    put("/sys/fs/cgroup/memory/memory.usage_in_bytes", 100 * MIB + "\n");
    put("/sys/fs/cgroup/memory/memory.stat", "inactive_file 5\ntotal_inactive_file " + 40 * MIB);
    put("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "200000\n");
    put("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
    assertThat(group().memory()).contains(new Usage(60 * MIB, 256 * MIB));
    assertThat(group().processors()).hasValue(2);
  }

  @Test
  void versionOneWithoutLimits() {
    put("/proc/self/cgroup", "4:memory:/user\n1:cpu:/\n");
    put("/sys/fs/cgroup/memory/user/memory.limit_in_bytes", V1_NONE);
    put("/sys/fs/cgroup/memory/user/memory.usage_in_bytes", "5\n");
    put("/sys/fs/cgroup/memory/memory.limit_in_bytes", V1_NONE);
    put("/sys/fs/cgroup/memory/memory.usage_in_bytes", "5\n");
    put("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
    put("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
    assertThat(group().memory()).isEmpty();
    assertThat(group().processors()).isEmpty();
  }

  @Test
  void noControlGroupsNoLimits() {
    assertThat(group().memory()).isEmpty();
    assertThat(group().processors()).isEmpty();
  }

  @Test
  void usedIsNeverLessThanNothing() {
    put("/proc/self/cgroup", "0::/\n");
    put("/sys/fs/cgroup/memory.max", "1000\n");
    put("/sys/fs/cgroup/memory.current", "10\n");
    put("/sys/fs/cgroup/memory.stat", "inactive_file 20\n");
    assertThat(group().memory()).contains(new Usage(0, 1000));
  }

  private void put(String path, String text) {
    files.put(path, text);
  }

  private Cgroup group() {
    return new Cgroup(path -> Optional.ofNullable(files.get(path)));
  }
}
