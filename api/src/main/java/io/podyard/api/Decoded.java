package io.podyard.api;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the codec made of a set of parameters. Whoever checks more of it looks at the {@link
 * #draft}, and gets the request from {@link #orThrow(List)}, which answers the problems of both at
 * once.
 */
public final class Decoded<R> {

  private final @Nullable R value;
  private final List<Problem> problems;
  private final R draft;
  private final SentIndices indices;
  private final Unread unread;

  /** What was asked for, null if that is the action of the draft. */
  private final @Nullable Action action;

  /**
   * A request that came from elsewhere, its lists without gaps.
   *
   * @param value the request; null if there is any problem
   * @param problems everything wrong, in the order of the contract's fields; empty if nothing is
   * @param draft the request without the parts that could not be read
   */
  public Decoded(@Nullable R value, List<Problem> problems, R draft) {
    this(value, problems, draft, SentIndices.NONE, Unread.NONE);
  }

  Decoded(@Nullable R value, List<Problem> problems, R draft, SentIndices indices, Unread unread) {
    this(value, problems, draft, indices, unread, null);
  }

  private Decoded(
      @Nullable R value,
      List<Problem> problems,
      R draft,
      SentIndices indices,
      Unread unread,
      @Nullable Action action) {
    this.value = value;
    this.problems = List.copyOf(problems);
    this.draft = draft;
    this.indices = indices;
    this.unread = unread;
    this.action = action;
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
   * problems to these (see {@link #orThrow(List)}); never a request to act on.
   */
  public R draft() {
    return draft;
  }

  /**
   * Whether a parameter, or an entry or part of it, was given and could not be read. In the draft
   * it looks absent.
   *
   * @param parameter the name it was sent by
   */
  public boolean isUnread(String parameter) {
    return unread.covers(parameter);
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
   * The same with what was found wrong before the parameters came to the codec. Of two problems of
   * one parameter the one found before stays: whoever found it knows better what was sent.
   *
   * @param before problems by the names of what was sent
   */
  public Decoded<R> after(List<Problem> before) {
    if (before.isEmpty()) {
      return this;
    }
    Unread all = unread.and(before.stream().map(Problem::parameter).toList());
    List<Problem> both = new ArrayList<>(before);
    problems.stream().filter(problem -> !all.explains(problem)).forEach(both::add);
    return new Decoded<>(null, RpcCodec.ordered(action(), both), draft, indices, all, action);
  }

  /**
   * The request.
   *
   * @throws ApiException listing the problems, if there are any
   */
  public R orThrow() {
    return orThrow(List.of());
  }

  /**
   * The request, if nobody found anything wrong with it.
   *
   * @param ofDraft what else is wrong, by the names of the draft
   * @throws ApiException listing these problems and the codec's together, if there are any: by the
   *     names that were sent, in the order of the contract's fields
   */
  public R orThrow(List<Problem> ofDraft) {
    if (value != null && ofDraft.isEmpty()) {
      return value;
    }
    List<Problem> all = new ArrayList<>(problems);
    ofDraft.stream()
        .map(this::asSent)
        .filter(problem -> !unread.explains(problem))
        .forEach(all::add);
    throw new ApiException(RpcCodec.ordered(action(), all));
  }

  /**
   * The same as a request of another type that it stands for, whose parameters have the same names.
   */
  public <S> Decoded<S> as(Function<R, S> other) {
    return new Decoded<>(
        value == null ? null : other.apply(value),
        problems,
        other.apply(draft),
        indices,
        unread,
        action());
  }

  private Action action() {
    if (action != null) {
      return action;
    }
    return Action.ofRequest(draft.getClass())
        .orElseThrow(
            () -> new IllegalStateException("no action is asked by a " + draft.getClass()));
  }
}
