package io.podyard.runtime.docker.image;

import io.podyard.runtime.docker.web.GuardedHttp.Answer;
import io.podyard.runtime.docker.web.SentBody;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Brings blobs and manifests to one repository; what is there already is not sent again. */
final class RegistryUpload {

  private static final int LARGEST_REASON = 64 * 1024;

  private final RegistrySession session;

  RegistryUpload(RegistrySession session) {
    this.session = session;
  }

  /** Uploads a blob unless the repository has it. */
  void blob(String digest, SentBody body) throws FetchFailure, InterruptedException {
    String what = "blob " + digest;
    boolean _ =
        session.asking(
            what,
            () -> {
              if (!has(digest)) {
                upload(what, digest, body);
              }
              return true;
            });
  }

  private boolean has(String digest) throws FetchFailure, IOException, InterruptedException {
    URI uri = session.access().uri("/blobs/" + digest);
    // Whoever may only write is refused here and not below.
    try (Answer answer = session.send("HEAD", uri, Map.of(), null)) {
      return answer.status() == 200;
    }
  }

  private void upload(String what, String digest, SentBody body)
      throws FetchFailure, IOException, InterruptedException {
    URI place;
    try (Answer answer =
        session.send("POST", session.access().uri("/blobs/uploads/"), Map.of(), null)) {
      if (answer.status() != 202) {
        throw refused(what, answer);
      }
      place = place(answer, digest);
    }
    Map<String, String> headers = Map.of("Content-Type", "application/octet-stream");
    try (Answer answer = session.send("PUT", place, headers, body)) {
      if (answer.status() != 201) {
        throw refused(what, answer);
      }
    }
  }

  private URI place(Answer answer, String digest) throws FetchFailure {
    String location = answer.first("Location");
    if (location.isEmpty()) {
      throw FetchFailure.pull(
          "registry " + session.access().host() + " does not say where blobs are uploaded to");
    }
    String named =
        location
            + (location.indexOf('?') < 0 ? '?' : '&')
            + "digest="
            + URLEncoder.encode(digest, StandardCharsets.UTF_8);
    return RegistryHttp.target(session.access(), answer.uri(), named);
  }

  /** Puts a manifest under a tag, in place of what was there. */
  void manifest(String tag, String mediaType, byte[] manifest)
      throws FetchFailure, InterruptedException {
    String what = "manifest " + tag;
    URI uri = session.access().uri("/manifests/" + tag);
    SentBody body = new SentBody(manifest.length, () -> new ByteArrayInputStream(manifest));
    boolean _ =
        session.asking(
            what,
            () -> {
              try (Answer answer =
                  session.send("PUT", uri, Map.of("Content-Type", mediaType), body)) {
                if (answer.status() != 201 && answer.status() != 200) {
                  throw refused(what, answer);
                }
              }
              return true;
            });
  }

  private FetchFailure refused(String what, Answer answer) throws IOException {
    return session.refused(what, answer.status(), answer.body().readNBytes(LARGEST_REASON));
  }
}
