package io.soilhub.scalability.monitoring.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcFsTest {

  @Test
  void memoryInUseIsWhatIsNotAvailable() {
    String meminfo =
        """
        MemTotal:       24684084 kB
        MemFree:        19749288 kB
        MemAvailable:   21776652 kB
        Buffers:          228988 kB
        """;
    assertThat(ProcFs.memory(meminfo))
        .contains(new Usage((24684084L - 21776652L) * 1024, 24684084L * 1024));
    assertThat(ProcFs.memory("MemTotal: 5 kB\n")).isEmpty();
  }

  @Test
  void residentMemory() {
    String status = "Name:\tjava\nVmPeak:\t 4000000 kB\nVmRSS:\t  372736 kB\nThreads:\t57\n";
    assertThat(ProcFs.resident(status)).hasValue(372736L * 1024);
    assertThat(ProcFs.resident("Name:\tkthreadd\n")).isEmpty();
  }

  @Test
  void busyTimeIsWithoutIdleAndWaitingForTheDisk() {
    String stat =
        """
        cpu  100 20 30 1000 50 1 2 3 77 88
        cpu0 50 10 15 500 25 1 1 1 0 0
        intr 12345
        """;
    assertThat(ProcFs.cpu(stat)).contains(new ProcFs.CpuTime(156, 1206));
    assertThat(ProcFs.cpu("cpu  100 20 30\n")).isEmpty();
    assertThat(ProcFs.cpu("")).isEmpty();
  }

  @Test
  void trafficIsThatOfAllInterfacesButTheLoopback() {
    String dev =
        """
        Inter-|   Receive                                                |  Transmit
         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
            lo: 91643451140 72138310    0    0    0     0          0         0 91643451140 72138310    0    0    0     0       0          0
          eth0: 792893295   20300    0    0    0     0          0         0  1713183   15496    0    0    0     0       0          0
          eth1:5 1 0 0 0 0 0 0 7 1 0 0 0 0 0 0
        """;
    assertThat(ProcFs.network(dev)).isEqualTo(new ProcFs.Traffic(792893300L, 1713190L));
  }
}
