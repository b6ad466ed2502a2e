package io.podyard.api.container;

import io.podyard.api.wire.FreeText;
import io.podyard.api.wire.JsonArrayText;
import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.Required;
import io.podyard.api.wire.WireLists;
import io.podyard.api.wire.WireName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a command in a running container (contract section 15).
 *
 * @param command the program and its arguments, one JSON array on the wire
 * @param ownerAccount accepted; it means nothing
 * @param ownerId accepted; it means nothing
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount accepted; it means nothing
 * @param resourceOwnerId accepted; it means nothing
 * @param stdin whether something can be written to its standard input, true by default; that of a
 *     command that is waited for is empty
 * @param sync true waits for the end and answers the output
 * @param tty true gives it a terminal; true by default for {@code /bin/bash} alone, else false
 */
public record ExecContainerCommandRequest(
    @Required @JsonArrayText @MaxItems(20) @FreeText List<String> command,
    @Required @Nullable String containerGroupId,
    @Required @Nullable String containerName,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String regionId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId,
    @Nullable Boolean stdin,
    @Nullable Boolean sync,
    @WireName("TTY") @Nullable Boolean tty) {
  public ExecContainerCommandRequest {
    command = WireLists.orEmpty(command);
  }
}
