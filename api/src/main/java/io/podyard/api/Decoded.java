package io.podyard.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the codec made of a set of parameters. */
public final class Decoded<R> {

  private final @Nullable R value;
  private final List<Problem> problems;
  private final R draft;
  private final SentIndices indices;

  /**
   * A request that came from elsewhere, its lists without gaps.
   *
   * @param value the request; null if there is any problem
   * @param problems everything wrong, in the order of the contract's fields; empty if nothing is
   * @param draft the request without the parts that could not be read
   */
  public Decoded(@Nullable R value, List<Problem> problems, R draft) {
    this(value, problems, draft, SentIndices.NONE);
  }

  Decoded(@Nullable R value, List<Problem> problems, R draft, SentIndices indices) {
    this.value = value;
    this.problems = List.copyOf(problems);
    this.draft = draft;
    this.indices = indices;
  }

  /** The request; null if there is any problem. */
  public @Nullable R value() {
    return value;
  }

  /** Everything wrong, in the order of the contract's fields; empty if nothing is. */
  public List<Problem> problems() {
    return problems;
  }

  /**
   * The request without the parts that could not be read, for checks that want to add their
   * problems to these (see {@link RpcCodec#ordered}); never a request to act on.
   */
  public R draft() {
    return draft;
  }

  /**
   * A problem of the draft with the name its parameter had in the request: where indices were left
   * out, entries of the draft have lower ones than those that were sent.
   */
  public Problem asSent(Problem ofDraft) {
    return new Problem(
        ofDraft.code(), indices.name(ofDraft.parameter()), ofDraft.value(), ofDraft.message());
  }

  /**
   * The request.
   *
   * @throws ApiException listing the problems, if there are any
   */
  public R orThrow() {
    if (value == null) {
      throw new ApiException(problems);
    }
    return value;
  }
}
