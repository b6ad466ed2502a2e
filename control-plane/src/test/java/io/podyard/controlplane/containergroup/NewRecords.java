package io.podyard.controlplane.containergroup;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Records of groups as they are when they are made, for tests that write them by themselves. */
final class NewRecords {

  private NewRecords() {}

  /** Of a group as its draft has it. */
  static GroupRecord scheduling(
      String id,
      AccountId account,
      RegionId region,
      @Nullable ZoneId zone,
      GroupDraft draft,
      Instant createdAt,
      Instant deadline) {
    return scheduling(
        id, account, region, zone, draft, draft.spec(), draft.kept(), createdAt, deadline);
  }

  /** The same with another specification and other kept fields. */
  static GroupRecord scheduling(
      String id,
      AccountId account,
      RegionId region,
      @Nullable ZoneId zone,
      GroupDraft draft,
      GroupSpec spec,
      KeptFields kept,
      Instant createdAt,
      Instant deadline) {
    return new GroupRecord(
        new ContainerGroupId(id),
        account,
        region,
        zone,
        draft.name(),
        GroupStatus.SCHEDULING,
        "",
        "",
        spec,
        kept,
        draft.tags(),
        GroupState.initial(draft.spec()),
        1,
        1,
        null,
        null,
        StoredGoal.RUN,
        "",
        null,
        deadline,
        false,
        createdAt,
        null,
        null,
        null,
        null,
        null,
        null);
  }
}
