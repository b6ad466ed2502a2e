package io.podyard.runtime.docker.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.runtime.docker.image.Manifest.Descriptor;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ManifestTest {

  private static final String A = "sha256:" + "a".repeat(64);
  private static final String B = "sha256:" + "b".repeat(64);

  private static Manifest parse(String json, String type) throws FetchFailure {
    return Manifest.parse(json.getBytes(StandardCharsets.UTF_8), type);
  }

  private static String entry(String digest, String os, String architecture, String variant) {
    return """
    {"digest":"%s","size":5,"platform":{"os":"%s","architecture":"%s","variant":"%s"}}\
    """
        .formatted(digest, os, architecture, variant);
  }

  private static Manifest.Several several(String... entries) throws FetchFailure {
    return (Manifest.Several)
        parse(
            "{\"schemaVersion\":2,\"manifests\":[" + String.join(",", entries) + "]}",
            Manifest.OCI_INDEX);
  }

  @Test
  void theImageOfTheArchitectureIsChosen() throws Exception {
    Manifest.Several list =
        several(
            entry(B, "windows", "amd64", ""),
            entry(B, "unknown", "unknown", ""),
            entry(A, "linux", "amd64", ""),
            entry(B, "linux", "arm64", "v8"));

    assertThat(list.choose("amd64")).isEqualTo(new Descriptor("", A, 5));
    assertThat(list.choose("arm64").digest()).isEqualTo(B);
    assertThatThrownBy(() -> list.choose("s390x"))
        .isInstanceOf(FetchFailure.class)
        .hasMessageContaining("no matching manifest for linux/s390x");
  }

  @Test
  void theUsualVariantIsPreferred() throws Exception {
    assertThat(
            several(entry(B, "linux", "arm64", "v9"), entry(A, "linux", "arm64", "v8"))
                .choose("arm64")
                .digest())
        .isEqualTo(A);
    assertThat(several(entry(B, "linux", "arm64", "v9")).choose("arm64").digest()).isEqualTo(B);
  }

  @Test
  void aLayerThatComesTwiceCountsOnce() throws Exception {
    Manifest.Single single =
        (Manifest.Single)
            parse(
                """
                {"schemaVersion":2,"config":{"digest":"%s","size":3},
                 "layers":[{"digest":"%s","size":10},{"digest":"%s","size":10}]}\
                """
                    .formatted(A, B, B),
                Manifest.OCI_IMAGE + "; charset=utf-8");

    assertThat(single.layers()).hasSize(2);
    assertThat(single.bytes()).isEqualTo(13);
  }

  @Test
  void whatIsNoImageIsRefused() {
    assertThatThrownBy(() -> parse("{\"schemaVersion\":1}", "")).hasMessageContaining("old format");
    assertThatThrownBy(() -> parse("<html>", "text/html")).hasMessageContaining("no JSON");
    assertThatThrownBy(() -> parse("{\"schemaVersion\":2}", "application/x-chart"))
        .hasMessageContaining("application/x-chart");
    assertThatThrownBy(
            () ->
                parse(
                    "{\"config\":{\"digest\":\"../../etc/passwd\",\"size\":1},\"layers\":[]}", ""))
        .hasMessageContaining("digest");
    assertThatThrownBy(() -> parse("{\"config\":{\"digest\":\"" + A + "\"},\"layers\":[]}", ""))
        .hasMessageContaining("size");
  }
}
