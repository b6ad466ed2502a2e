package io.podyard.controlplane.volume;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** An account's disks, as resources of their own. What is to be removed is not shown any more. */
@Component
public class VolumeListing {

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;

  VolumeListing(JdbcTemplate jdbc, TransactionTemplate transaction) {
    this.jdbc = jdbc;
    this.transaction = transaction;
  }

  /**
   * A page of an account's disks in a region, newest first.
   *
   * @param before the last id of the page before; null for the first one
   */
  public List<PersistentVolume> page(
      AccountId account, RegionId region, @Nullable String before, int limit) {
    String sql =
        "select %s from persistent_volume where account_id = ? and region = ? and deleting_at is"
            + " null %s order by id desc limit ?";
    return before == null
        ? jdbc.query(
            sql.formatted(VolumeRows.COLUMNS, ""),
            VolumeRows.ROWS,
            account.value(),
            region.value(),
            limit)
        : jdbc.query(
            sql.formatted(VolumeRows.COLUMNS, "and id < ?"),
            VolumeRows.ROWS,
            account.value(),
            region.value(),
            before,
            limit);
  }

  /**
   * One disk of an account, in any region.
   *
   * @throws ApiException if the account has no such disk, whoever else may have
   */
  public PersistentVolume require(AccountId account, String id) {
    return find(account, id, "").orElseThrow(() -> unknown(id));
  }

  /**
   * Has a disk removed that no group has, with all that is on it.
   *
   * @throws ApiException if the account has no such disk, or a group has it
   */
  public void delete(AccountId account, String id) {
    transaction.executeWithoutResult(
        _ -> {
          PersistentVolume volume =
              find(account, id, " for no key update").orElseThrow(() -> unknown(id));
          if (volume.attachedTo() != null) {
            throw new ApiException(
                new Problem(
                    ErrorCode.INCORRECT_STATUS,
                    "VolumeId",
                    id,
                    "is a disk of container group %s; it can be deleted when nothing is left of that"
                        .formatted(volume.attachedTo())));
          }
          jdbc.update("update persistent_volume set deleting_at = now() where id = ?", id);
        });
  }

  private Optional<PersistentVolume> find(AccountId account, String id, String locking) {
    return (VolumeIds.isId(id)
            ? jdbc
                .query(
                    "select "
                        + VolumeRows.COLUMNS
                        + " from persistent_volume where id = ? and account_id = ? and deleting_at"
                        + " is null"
                        + locking,
                    VolumeRows.ROWS,
                    id,
                    account.value())
                .stream()
            : Stream.<PersistentVolume>empty())
        .findFirst();
  }

  private static ApiException unknown(String id) {
    return new ApiException(
        new Problem(
            ErrorCode.INVALID_DISK_ID_NOT_FOUND, "VolumeId", id, "names no disk of this account"));
  }
}
