package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What answers of engines tell of GPUs. */
class ToldGpusTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 0",
        "{'Runtimes': {'nvidia': {'path': 'nvidia-container-runtime'}}} | 0",
        "{'GenericResources': null, 'DiscoveredDevices': 'many'} | 0",
        "{'GenericResources': [{'DiscreteResourceSpec': {'Kind': 'SSD', 'Value': 3}}]} | 0",
        "{'GenericResources': [{'DiscreteResourceSpec': {'Kind': 'gpu', 'Value': 4}}]} | 4",
        "{'GenericResources': [{'NamedResourceSpec': {'Kind': 'NVIDIA-GPU', 'Value': 'GPU-1'}},"
            + "{'NamedResourceSpec': {'Kind': 'NVIDIA-GPU', 'Value': 'GPU-2'}}]} | 2",
        "{'DiscoveredDevices': [{'Source': 'cdi', 'ID': 'nvidia.com/gpu=0'},"
            + "{'Source': 'cdi', 'ID': 'nvidia.com/gpu=1'},"
            + "{'Source': 'cdi', 'ID': 'nvidia.com/gpu=GPU-1'},"
            + "{'Source': 'cdi', 'ID': 'nvidia.com/gpu=all'},"
            + "{'Source': 'cdi', 'ID': 'vendor.com/net=0'}]} | 2"
      })
  void devicesAreCountedWhereTheEngineNamesThem(String info, int gpus) {
    Map<String, Object> raw = JSON.readValue(info.replace('\'', '"'), new TypeReference<>() {});

    assertThat(ToldGpus.count(raw)).isEqualTo(gpus);
  }
}
