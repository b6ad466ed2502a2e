package io.podyard.runtime.docker.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A manifest as its registry sent it. In a file its type is in front, in a line of its own.
 *
 * @param mediaType as the registry had it
 */
record KeptManifest(byte[] body, String mediaType) {

  static KeptManifest read(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    int end = 0;
    while (end < content.length && content[end] != '\n') {
      end++;
    }
    return new KeptManifest(
        Arrays.copyOfRange(content, Math.min(end + 1, content.length), content.length),
        new String(content, 0, end, StandardCharsets.UTF_8));
  }

  byte[] content() {
    byte[] type = (mediaType.replace('\n', ' ') + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] content = Arrays.copyOf(type, type.length + body.length);
    System.arraycopy(body, 0, content, type.length, body.length);
    return content;
  }

  Manifest parsed() throws FetchFailure {
    return Manifest.parse(body, mediaType);
  }
}
