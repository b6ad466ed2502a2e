package io.podyard.controlplane.inventory;

import io.podyard.model.VSwitchId;
import java.util.random.RandomGenerator;

/** Makes ids of vSwitches: {@code vsw-} and twenty random lower-case letters or digits. */
final class VSwitchIds {

  private static final int RADIX = 36;
  private static final int DIGITS = 20;

  private final RandomGenerator random;

  VSwitchIds(RandomGenerator random) {
    this.random = random;
  }

  VSwitchId next() {
    StringBuilder id = new StringBuilder("vsw-");
    for (int i = 0; i < DIGITS; i++) {
      id.append(Character.forDigit(random.nextInt(RADIX), RADIX));
    }
    return new VSwitchId(id.toString());
  }
}
