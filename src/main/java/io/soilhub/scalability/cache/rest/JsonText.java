package io.soilhub.scalability.cache.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.soilhub.scalability.cache.tiers.Codec;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// Any JSON value as text, without spaces. Its numbers are those that were sent, digit by digit: a
/// tree would make `1.1` of `1.10` and round what is longer than a double.
///
/// @param text valid JSON; `null` for a null that was sent
@Schema(implementation = Object.class, description = "any JSON value")
@JsonDeserialize(using = JsonText.Reader.class)
public record JsonText(String text) {

  static final JsonText NULL = new JsonText("null");

  /// The text itself in UTF-8: it is neither parsed nor made again on its way through the levels.
  static final Codec<String> CODEC =
      new Codec<>() {
        @Override
        public byte[] encode(String value) {
          return value.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(byte[] bytes) {
          return new String(bytes, StandardCharsets.UTF_8);
        }
      };

  static final class Reader extends JsonDeserializer<JsonText> {

    @Override
    public JsonText deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      StringWriter text = new StringWriter();
      try (JsonGenerator out = parser.getCodec().getFactory().createGenerator(text)) {
        int depth = 0;
        JsonToken token = parser.currentToken();
        while (true) {
          depth += depthOf(token);
          copy(parser, token, out);
          if (depth == 0) {
            break;
          }
          token = parser.nextToken();
        }
      }
      return new JsonText(text.toString());
    }

    private static int depthOf(JsonToken token) {
      if (token.isStructStart()) {
        return 1;
      }
      return token.isStructEnd() ? -1 : 0;
    }

    private static void copy(JsonParser from, JsonToken token, JsonGenerator to)
        throws IOException {
      switch (token) {
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> to.writeNumber(from.getText());
        default -> to.copyCurrentEvent(from);
      }
    }

    @Override
    public JsonText getNullValue(DeserializationContext context) {
      return NULL;
    }

    @Override
    public Object getAbsentValue(DeserializationContext context) {
      return null;
    }
  }
}
