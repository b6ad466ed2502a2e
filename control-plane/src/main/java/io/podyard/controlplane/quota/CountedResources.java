package io.podyard.controlplane.quota;

/** Resources other than groups that there is a quota of, counted by the feature that has them. */
public interface CountedResources {

  QuotaKind kind();

  /** How many an account has in a region now. */
  long count(QuotaPlace place);
}
