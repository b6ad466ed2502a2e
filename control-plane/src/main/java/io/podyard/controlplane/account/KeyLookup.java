package io.podyard.controlplane.account;

/** What is known of an access key. */
public sealed interface KeyLookup permits ActiveKey, KeyLookup.Inactive, KeyLookup.Unknown {

  /** The key exists and was switched off. */
  record Inactive() implements KeyLookup {}

  /** There is no such key. */
  record Unknown() implements KeyLookup {}
}
