package io.podyard.runtime;

/** How far a capture is. */
public sealed interface CaptureState {

  /** It goes on. */
  record Running() implements CaptureState {}

  /**
   * It has ended, by itself or because it was told to.
   *
   * @param captured whether there is a file
   * @param words why there is none; empty if there is one
   */
  record Ended(boolean captured, String words) implements CaptureState {}
}
