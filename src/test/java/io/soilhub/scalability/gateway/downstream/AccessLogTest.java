package io.soilhub.scalability.gateway.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AccessLogTest {

  @Test
  void nothingEndsTheQuotesEarlyOrSpeaksToATerminal() {
    assertThat(AccessLog.escaped("GET /a?b=\"c\\ HTTP/1.1"))
        .isEqualTo("GET /a?b=\\x22c\\x5C HTTP/1.1");
    assertThat(AccessLog.escaped("\u001b[31m\r\n\u007f\u00e4"))
        .isEqualTo("\\x1B[31m\\x0D\\x0A\\x7F\\xE4");
  }
}
