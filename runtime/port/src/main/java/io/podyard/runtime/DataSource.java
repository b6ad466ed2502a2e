package io.podyard.runtime;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Where the content of a data cache is read from (contract section 14). */
public sealed interface DataSource {

  /**
   * One file of a web server.
   *
   * @param address http or https, without a user
   */
  record Web(URI address) implements DataSource {}

  /**
   * A repository of the Hugging Face hub, or of the mirror of it that the operator chose.
   *
   * @param id as {@code owner/name}
   * @param dataSet whether it holds a data set instead of a model
   * @param revision a branch, a tag or a commit
   */
  record Hub(String id, boolean dataSet, String revision) implements DataSource {}

  /**
   * Objects of a bucket that speaks the S3 protocol.
   *
   * @param endpoint the service's address without the bucket
   * @param path the folder or the one object that is read, without slashes at its ends; empty for
   *     all
   * @param key null where everybody may read
   * @param region that requests are signed for
   * @param pathStyle whether the bucket is named in the path instead of the host
   */
  record Bucket(
      URI endpoint,
      String bucket,
      String path,
      @Nullable AccessKey key,
      String region,
      boolean pathStyle)
      implements DataSource {}

  /** A key pair of object storage. */
  record AccessKey(String id, Secret secret) {}

  /**
   * A folder that a server exports by NFS.
   *
   * @param port of the NFS service; 0 for the usual one
   * @param mountPort of the mount service of version 3; 0 to ask the server's port mapper
   */
  record Nfs(String server, String path, NfsVersion version, int port, int mountPort)
      implements DataSource {}

  /** Versions of NFS that are spoken. */
  enum NfsVersion {
    V3,
    V4
  }

  /**
   * Another data cache.
   *
   * @param cache its id
   */
  record Copy(String cache) implements DataSource {}
}
