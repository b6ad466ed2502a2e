package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.containergroup.GroupPreparation.Prepared;
import io.podyard.controlplane.placement.Placement;
import java.time.Clock;
import org.springframework.stereotype.Component;

/**
 * Settles what was picked for groups that were prepared, by what became of them: the picture of the
 * hosts has to follow the database, or room would be offered that nobody gets, or be hidden that is
 * there.
 */
@Component
class PickSettlement {

  /** What became of a group that was prepared. */
  enum Became {
    /** This request made no such group, as far as is known. */
    NOTHING,

    /** It has the host that was picked for it. */
    PLACED,

    /** It waits: none was picked, or the host that was has no room any more. */
    WAITING,

    /** It waits because its vSwitch has no address any more; the host was not even asked. */
    WITHOUT_ADDRESS;

    /** Of a group that was made. */
    static Became ofMade(boolean hasHost, boolean withoutAddress) {
      return hasHost ? PLACED : withoutAddress ? WITHOUT_ADDRESS : WAITING;
    }
  }

  private final Placement placement;
  private final StartTimes startTimes;
  private final Clock clock;

  PickSettlement(Placement placement, StartTimes startTimes, Clock clock) {
    this.placement = placement;
    this.startTimes = startTimes;
    this.clock = clock;
  }

  /** Has to be called once for whatever was prepared. */
  void settle(Prepared prepared, Became became) {
    prepared
        .pick()
        .ifPresentOrElse(
            pick -> settle(prepared, pick, became),
            () -> {
              if (became != Became.NOTHING) {
                joinTheLine(prepared);
              }
            });
  }

  private void settle(Prepared prepared, Placement.Pick pick, Became became) {
    switch (became) {
      case NOTHING -> placement.notWritten(pick);
      case PLACED -> {
        placement.written(pick, prepared.record().account(), prepared.record().id());
        startTimes.placed(prepared.record().createdAt(), clock.instant());
      }
      case WAITING -> {
        placement.lost(pick);
        placement.waitedFor().lookNow();
      }
      case WITHOUT_ADDRESS -> {
        placement.notWritten(pick);
        placement.waitedFor().lookNow();
      }
    }
  }

  private void joinTheLine(Prepared prepared) {
    if (prepared.noRoom().isEmpty()) {
      placement.waitedFor().lookNow();
    } else {
      boolean spot = prepared.record().kept().spot() != null;
      placement.waitedFor().joined(prepared.noRoom(), spot);
    }
  }
}
