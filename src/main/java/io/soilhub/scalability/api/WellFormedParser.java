package io.soilhub.scalability.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import java.io.Serial;

/// Refuses strings that are not well-formed Unicode: JSON can escape half a surrogate pair, and no
/// store can keep it. It would come back as a question mark. In names the parser refuses it itself.
final class WellFormedParser extends JsonParserDelegate {

  /// There is half a surrogate pair.
  static final class IllFormed extends JsonProcessingException {
    @Serial private static final long serialVersionUID = 1L;

    private final String pointer;

    private IllFormed(String pointer) {
      super("half a surrogate pair");
      this.pointer = pointer;
    }

    /// To the string.
    String pointer() {
      return pointer;
    }
  }

  WellFormedParser(JsonParser parser) {
    super(parser);
  }

  @Override
  public JsonToken nextToken() throws IOException {
    JsonToken token = super.nextToken();
    if (token == JsonToken.VALUE_STRING) {
      check(getTextCharacters(), getTextOffset(), getTextOffset() + getTextLength());
    }
    return token;
  }

  /// As the parser itself has it, but past no check.
  @Override
  public JsonToken nextValue() throws IOException {
    JsonToken token = nextToken();
    return token == JsonToken.FIELD_NAME ? nextToken() : token;
  }

  private void check(char[] text, int from, int to) throws IllFormed {
    for (int i = from; i < to; i++) {
      if (Character.isSurrogate(text[i])) {
        i++;
        if (i == to || !Character.isSurrogatePair(text[i - 1], text[i])) {
          throw new IllFormed(getParsingContext().pathAsPointer().toString());
        }
      }
    }
  }
}
