package io.soilhub.scalability.cache.cdn;

import java.util.Collection;
import java.util.Optional;

/// A make of CDN, and how an answer tells it the tags.
enum CdnProvider {
  /// With vmod_xkey. The limit is the default of `http_resp_hdr_len`, name included.
  VARNISH("xkey", " ", 8_000),
  FASTLY("Surrogate-Key", " ", 16_384),
  CLOUDFLARE("Cache-Tag", ",", 16_384);

  private final String header;
  private final String separator;
  private final int longest;

  CdnProvider(String header, String separator, int longest) {
    this.header = header;
    this.separator = separator;
    this.longest = longest;
  }

  /// Name of the answer's header.
  String header() {
    return header;
  }

  /// The header's value; empty when it would be longer than this CDN reads, which would leave an
  /// answer behind that some purges do not find.
  Optional<String> value(Collection<String> ids) {
    String value = String.join(separator, ids);
    return value.length() <= longest ? Optional.of(value) : Optional.empty();
  }
}
