package io.podyard.billing;

import java.util.List;

/**
 * How agreements of an account differ from those before.
 *
 * @param gone those that were there and are not as they were: they got another end, or had not
 *     begun
 * @param added those that were not there as they are
 */
public record AgreementChange(List<Agreement> gone, List<Agreement> added) {

  public AgreementChange {
    gone = List.copyOf(gone);
    added = List.copyOf(added);
  }

  /** Whether nothing changes. */
  public boolean isEmpty() {
    return gone.isEmpty() && added.isEmpty();
  }
}
