package io.podyard.api.datacache;

import io.podyard.api.wire.WireName;
import org.jspecify.annotations.Nullable;

/**
 * The options of a data source (contract sections 2.1 and 14). The contract has a map, and these
 * are the names in it that mean anything. SDKs that write the length of a key before it are
 * understood as well: {@code #3#url}.
 *
 * @param url of a file, or of the service of a bucket
 * @param repoSource {@code HuggingFace/Model} or {@code HuggingFace/Dataset}
 * @param repoId {@code owner/name}
 * @param revision a branch, a tag or a commit; {@code main} by default
 * @param bucket of object storage
 * @param path in the bucket or on the server
 * @param akId of the key to the bucket
 * @param akSecret of the key to the bucket; never answered
 * @param region that requests to the bucket are signed for
 * @param pathStyle whether the bucket is named in the path
 * @param otherOpts means nothing: it tunes a mount
 * @param server of NFS
 * @param vers of NFS, 3 or 4.0
 * @param options as for a mount of NFS
 * @param snapshotId the id of another data cache
 */
public record DataSourceOptionsRequest(
    @WireName(value = "url", aliases = "#3#url") @Nullable String url,
    @WireName(value = "repoSource", aliases = "#10#repoSource") @Nullable String repoSource,
    @WireName(value = "repoId", aliases = "#6#repoId") @Nullable String repoId,
    @WireName(value = "revision", aliases = "#8#revision") @Nullable String revision,
    @WireName(value = "bucket", aliases = "#6#bucket") @Nullable String bucket,
    @WireName(value = "path", aliases = "#4#path") @Nullable String path,
    @WireName(value = "akId", aliases = "#4#akId") @Nullable String akId,
    @WireName(value = "akSecret", aliases = "#8#akSecret") @Nullable String akSecret,
    @WireName(value = "region", aliases = "#6#region") @Nullable String region,
    @WireName(value = "pathStyle", aliases = "#9#pathStyle") @Nullable String pathStyle,
    @WireName(value = "otherOpts", aliases = "#9#otherOpts") @Nullable String otherOpts,
    @WireName(value = "server", aliases = "#6#server") @Nullable String server,
    @WireName(value = "vers", aliases = "#4#vers") @Nullable String vers,
    @WireName(value = "options", aliases = "#7#options") @Nullable String options,
    @WireName(value = "snapshotId", aliases = "#10#snapshotId") @Nullable String snapshotId) {}
