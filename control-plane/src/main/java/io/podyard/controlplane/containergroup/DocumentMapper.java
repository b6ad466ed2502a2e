package io.podyard.controlplane.containergroup;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.Handler;
import io.podyard.runtime.VolumeSpec;
import tools.jackson.databind.json.JsonMapper;

/** How the types of a group are written as JSON, whatever becomes of the secrets in them. */
final class DocumentMapper {

  private DocumentMapper() {}

  static JsonMapper.Builder builder() {
    return JsonMapper.builder()
        .addMixIn(VolumeSpec.class, VolumeKinds.class)
        .addMixIn(Handler.class, HandlerKinds.class)
        .addMixIn(ContainerStatus.class, StatusKinds.class);
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = VolumeSpec.EmptyDir.class, name = "emptyDir"),
    @JsonSubTypes.Type(value = VolumeSpec.ConfigFiles.class, name = "configFiles"),
    @JsonSubTypes.Type(value = VolumeSpec.Nfs.class, name = "nfs"),
    @JsonSubTypes.Type(value = VolumeSpec.HostPath.class, name = "hostPath"),
    @JsonSubTypes.Type(value = VolumeSpec.Disk.class, name = "disk"),
    @JsonSubTypes.Type(value = VolumeSpec.DataCache.class, name = "dataCache")
  })
  private interface VolumeKinds {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Handler.Exec.class, name = "exec"),
    @JsonSubTypes.Type(value = Handler.HttpGet.class, name = "httpGet"),
    @JsonSubTypes.Type(value = Handler.TcpSocket.class, name = "tcpSocket")
  })
  private interface HandlerKinds {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = ContainerStatus.Waiting.class, name = "waiting"),
    @JsonSubTypes.Type(value = ContainerStatus.Running.class, name = "running"),
    @JsonSubTypes.Type(value = ContainerStatus.Terminated.class, name = "terminated")
  })
  private interface StatusKinds {}
}
