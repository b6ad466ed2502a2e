package io.podyard.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.datacache.CreateDataCacheRequest;
import io.podyard.api.datacache.DataSourceOptionsRequest;
import io.podyard.api.datacache.DataSourceRequest;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The map of options of a data source, as SDKs send it. */
class DataSourceOptionKeysTest {

  private static Decoded<CreateDataCacheRequest> decode(Map<String, String> parameters) {
    return RpcCodec.decode(CreateDataCacheRequest.class, Action.CREATE_DATA_CACHE, parameters);
  }

  private static DataSourceOptionsRequest options(CreateDataCacheRequest request) {
    DataSourceRequest source = Objects.requireNonNull(request.dataSource());
    return Objects.requireNonNull(source.options());
  }

  @Test
  void keysAreReadWithAndWithoutTheirLengthBeforeThem() {
    Map<String, String> plain =
        Map.of(
            "DataSource.Type", "URL",
            "DataSource.Options.repoSource", "HuggingFace/Model",
            "DataSource.Options.repoId", "a/b");
    Map<String, String> counted =
        Map.of(
            "DataSource.Type", "URL",
            "DataSource.Options.#10#repoSource", "HuggingFace/Model",
            "DataSource.Options.#6#repoId", "a/b");
    assertThat(options(decode(plain).orThrow()).repoId()).isEqualTo("a/b");
    assertThat(decode(counted).orThrow()).isEqualTo(decode(plain).orThrow());
    assertThat(RpcCodec.encode(decode(counted).orThrow())).isEqualTo(plain);
  }

  @Test
  void anOptionThatIsNotKnownIsRefusedByItsNameAndWithoutItsValue() {
    Decoded<CreateDataCacheRequest> decoded =
        decode(Map.of("DataSource.Options.akSecrt", "hidden", "DataSource.Options.#9#url", "x"));
    assertThat(decoded.problems())
        .extracting(Problem::parameter)
        .containsExactlyInAnyOrder("DataSource.Options.akSecrt", "DataSource.Options.#9#url");
    assertThat(decoded.problems().toString()).doesNotContain("hidden");
  }

  @Test
  void theSecretOfAKeyIsShownNowhere() {
    for (String key : new String[] {"akSecret", "#8#akSecret"}) {
      String parameter = "DataSource.Options." + key;
      assertThat(ShownParameters.mayShow(Action.CREATE_DATA_CACHE, parameter)).isFalse();
      assertThat(new Problem(ErrorCode.INVALID_PARAMETER, parameter, "hidden", "is wrong").value())
          .isNull();
    }
    assertThat(ShownParameters.mayShow(Action.CREATE_DATA_CACHE, "DataSource.Options.url"))
        .isTrue();
  }
}
