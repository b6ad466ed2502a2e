package io.podyard.controlplane.faults;

import io.podyard.api.PodyardClient;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.ContainerGroupId;
import java.util.List;

/** What must be true once things are healthy again, whatever went before. */
final class Aftermath {

  private Aftermath() {}

  /**
   * Fails unless all that clients were told is true, no rule is broken, no container was restarted
   * and nothing billed twice, and unless all groups can be deleted and leave nothing behind.
   *
   * @param client of a living server
   */
  static void mustBeClean(Told told, PodyardClient client, Inspection inspection) throws Exception {
    inspection.awaitSettled();
    inspection.mustBeContent();
    inspection.nothingWasRestarted();
    inspection.nothingWasBilledTwice();
    told.mustHold(inspection.judge(), inspection.jdbc());
    // Groups that end by themselves are on their hosts for a little less long than in the tables.
    Waiting.until(
        "hosts that run what is said to run",
        () -> {
          List<ContainerGroupId> said = inspection.withStatus("Running");
          return inspection.running().keySet().containsAll(said);
        });
    inspection.deleteAll(client);
    inspection.mustBeContent();
    inspection.nothingWasRestarted();
    inspection.nothingWasBilledTwice();
  }
}
