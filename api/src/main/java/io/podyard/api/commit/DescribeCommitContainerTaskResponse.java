package io.podyard.api.commit;

import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of tasks.
 *
 * @param maxResults rows of a page; the contract sends it as text
 * @param nextToken absent or empty on the last page
 * @param totalCount of all pages, exact up to 10,000
 */
public record DescribeCommitContainerTaskResponse(
    List<CommitTaskResponse> commitTasks,
    @Nullable String maxResults,
    @Nullable String nextToken,
    @Nullable String requestId,
    @Nullable Integer totalCount) {
  public DescribeCommitContainerTaskResponse {
    commitTasks = WireLists.orEmpty(commitTasks);
  }
}
