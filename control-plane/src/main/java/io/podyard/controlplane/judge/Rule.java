package io.podyard.controlplane.judge;

/** What must always hold, however often processes die. */
public enum Rule {
  ACKNOWLEDGED(1, "an acknowledged create exists once, an acknowledged delete ends"),
  CLIENT_TOKEN(2, "one group for each client token"),
  RESERVATIONS(3, "reservations of a host are its sum and never exceed what is allocatable"),
  ONE_HOST(4, "a group is on its own host and on no other"),
  CONTAINERS(5, "no container without a group, no group without its containers"),
  USAGE(6, "usage intervals follow the life of their group without a gap or an overlap"),
  TRANSITIONS(7, "status, goal, times and events of a group agree, and none stays for ever"),
  QUOTAS(10, "what an account uses of its quotas is what its live groups have"),
  DISKS(11, "a disk is one group's, where the group is, and what is to be removed goes"),
  TASKS(12, "a task ends in its time, and its host keeps nothing for it then"),
  ADDRESSES(13, "an address of a vSwitch is one live group's, or free"),
  SPOT(14, "a spot group is released after its protection and its notice, and then it is"),
  CHARGES(15, "an hour that is settled is charged for what was used in it, once"),
  BILLS(16, "a bill is what its lines add up to and what rounds it, and a closed one stays so"),
  SPENDING(17, "a threshold that is passed is told, and what was agreed on an hour stays so"),
  IMAGE_CACHES(18, "a cache that can be used is known to the last image, and nobody's is held"),
  DATA_CACHES(
      19, "data that can be used is known, nobody's is held, and each is charged for its time");

  private final int number;
  private final String words;

  Rule(int number, String words) {
    this.number = number;
    this.words = words;
  }

  /** Its number in the list of guards of the architecture document. */
  public int number() {
    return number;
  }

  public String words() {
    return words;
  }
}
