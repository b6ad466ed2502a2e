package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.PodyardClient;

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
    assertThat(inspection.running().keySet()).containsAll(inspection.withStatus("Running"));
    inspection.deleteAll(client);
    inspection.mustBeContent();
    inspection.nothingWasRestarted();
    inspection.nothingWasBilledTwice();
  }
}
