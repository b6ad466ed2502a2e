package io.podyard.scheduler;

import io.podyard.model.HostId;
import io.podyard.model.PoolId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The hosts of one region, and how the best of them is found. */
final class RegionHosts implements ScoredShapes.Scorer {

  /** No such row. */
  static final int NONE = -1;

  /** A host that is kept for the request comes before all others. */
  private static final int KEPT_TURN = -1;

  /** A host that has less of the images has its turn as if it had none. */
  private static final int COUNTS_AS_NEAR = PlacementRequest.ALL_IMAGES / 2;

  /** The host that was chosen and the two behind it. */
  private static final int EXPLAINED = 3;

  private final Map<HostId, KnownHost> known;
  private final Function<PoolId, PlacementPolicy> policies;
  private final HostRows rows = new HostRows();
  private final ClassFilters filters;
  private final Scoring scoring = new Scoring(rows);
  private final BestFitIndex bestFit;
  private final HostChanges changes = new HostChanges();

  /** By the turn of a group. */
  private final List<ScoredShapes> shapes = new ArrayList<>();

  private boolean moved = true;
  private final BitSet bestFitClasses = new BitSet();
  private int classChanges = -1;
  private int turnsOfClasses = -1;

  /** The request that is looked at. */
  private final Need need = new Need();

  private ClassFilter filter = ClassFilter.NOTHING;
  private final BitSet turnsWithRoom = new BitSet();
  private int turn;

  /** What the last pick chose. */
  private long pickedScore;

  private long pickedDevices;

  RegionHosts(Map<HostId, KnownHost> known, Function<PoolId, PlacementPolicy> policies) {
    this.known = known;
    this.policies = policies;
    this.filters = new ClassFilters(rows, policies);
    this.bestFit = new BestFitIndex(rows, this::isBestFit);
  }

  boolean isEmpty() {
    return rows.size() == 0;
  }

  KnownHost add(HostSnapshot snapshot) {
    KnownHost host = new KnownHost(this, snapshot);
    rows.add(host, snapshot);
    moved = true;
    return host;
  }

  /** Replaces all that is known of a host; most news are none, and the indexes stay as they are. */
  void set(KnownHost host, HostSnapshot snapshot) {
    if (!snapshot.equals(rows.now(host))) {
      rows.set(host, snapshot);
      changed(host.row);
    }
  }

  void remove(KnownHost host) {
    rows.remove(host);
    moved = true;
  }

  boolean take(KnownHost host, Taken taken) {
    boolean done = rows.take(host.row, taken);
    if (done) {
      changed(host.row);
    }
    return done;
  }

  boolean give(KnownHost host, Taken taken) {
    boolean done = rows.give(host.row, taken);
    if (done) {
      changed(host.row);
    }
    return done;
  }

  HostSnapshot now(KnownHost host) {
    return rows.now(host);
  }

  HostId id(int row) {
    return rows.id(row);
  }

  /** What scores mean has changed. */
  void mix(RequestMix mix, Fragments fragments) {
    scoring.mix(mix, fragments);
    shapes.forEach(ScoredShapes::forget);
  }

  /** Which policy is whose has changed. */
  void policiesChanged() {
    filters.forget();
    classChanges = -1;
    moved = true;
  }

  /** The row of the best host that has room, or {@link #NONE}. */
  int pick(PlacementRequest request) {
    lookAt(request);
    int kept = keptFor(request);
    if (kept != NONE) {
      pickedScore = score(request, kept, KEPT_TURN);
      pickedDevices = scoring.devices();
      return kept;
    }
    List<ClassFilter.Group> groups = filter.groups();
    for (turn = 0; turn < groups.size(); turn++) {
      ClassFilter.Group group = groups.get(turn);
      int row = request.host() == null ? best(request, group) : only(request.host());
      if (row != NONE) {
        pickedScore = scoring.score(row, need, group.policy(), 0);
        pickedDevices = scoring.devices();
        return request.imageHosts().isEmpty() ? row : withImages(request, group.policy(), row);
      }
    }
    return NONE;
  }

  /** The same without any index. */
  int scan(PlacementRequest request) {
    lookAt(request);
    lookAtTurns(request);
    int best = NONE;
    int bestTurn = Integer.MAX_VALUE;
    for (int row = 0; row < rows.size(); row++) {
      int itsTurn = turnOf(request, row);
      if (itsTurn > bestTurn || reason(request, row) != null) {
        continue;
      }
      long score = score(request, row, itsTurn);
      if (itsTurn < bestTurn || score < pickedScore) {
        best = row;
        bestTurn = itsTurn;
        pickedScore = score;
        pickedDevices = scoring.devices();
      }
    }
    return best;
  }

  long pickedScore() {
    return pickedScore;
  }

  long pickedDevices() {
    return pickedDevices;
  }

  /** Whether the host of a row would do for the request. */
  boolean fits(PlacementRequest request, int row) {
    need.set(request);
    if (!need.fits(rows, row)) {
      return false; // mostly so, and the rest takes longer
    }
    lookAt(request);
    return reason(request, row) == null;
  }

  /** Looks at every host, one after the other, without any index. */
  Explanation explain(PlacementRequest request) {
    lookAt(request);
    lookAtTurns(request);
    ExplanationTally tally = new ExplanationTally(request);
    BestRows best = new BestRows(EXPLAINED);
    for (int row = 0; row < rows.size(); row++) {
      RuledOut reason = reason(request, row);
      tally.look(reason, rows, row);
      if (reason == null) {
        int itsTurn = turnOf(request, row);
        best.offer(itsTurn, score(request, row, itsTurn), row);
      }
    }
    return tally.explanation(
        best.rows().stream().map(ranked -> candidate(request, ranked)).toList());
  }

  /**
   * The row of the host that lacks least, of those that could take the request if they were empty,
   * are ready and not kept for others; or {@link #NONE}.
   */
  int closest(PlacementRequest request) {
    lookAt(request);
    ExplanationTally tally = new ExplanationTally(request);
    int best = NONE;
    long least = Long.MAX_VALUE;
    for (int row = 0; row < rows.size(); row++) {
      RuledOut reason = reason(request, row);
      if (reason != null && !reason.isRoom()) {
        continue;
      }
      long lacks = tally.lacks(rows, row);
      if (lacks < least && tally.fitsWhenEmpty(rows, row)) {
        best = row;
        least = lacks;
      }
    }
    return best;
  }

  private Candidate candidate(PlacementRequest request, BestRows.Ranked ranked) {
    PlacementPolicy policy = policyAt(ranked.turn(), ranked.row());
    long score = score(request, ranked.row(), ranked.turn());
    return new Candidate(
        rows.id(ranked.row()),
        rows.host(ranked.row()).asPut.pool(),
        policy,
        score,
        policy.parts(scoring.spot()),
        scoring.devices());
  }

  private long score(PlacementRequest request, int row, int itsTurn) {
    return scoring.score(row, need, policyAt(itsTurn, row), images(request, row));
  }

  /** When a host that has no reason against it has its turn. */
  private int turnOf(PlacementRequest request, int row) {
    int number = rows.classOf(row);
    if (rows.classes().get(number).kept()) {
      return KEPT_TURN;
    }
    int its = filter.groupOf(number);
    if (its <= 0 || images(request, row) < COUNTS_AS_NEAR) {
      return its;
    }
    int withImages = filter.groupWithImages(number);
    return turnsWithRoom.get(withImages) ? withImages : its;
  }

  /** Finds out in which turns a host has room, if that matters. */
  private void lookAtTurns(PlacementRequest request) {
    turnsWithRoom.clear();
    for (int row = 0; row < rows.size() && !request.imageHosts().isEmpty(); row++) {
      int number = rows.classOf(row);
      if (rows.classes().get(number).isOpen() && reason(request, row) == null) {
        turnsWithRoom.set(filter.groupOf(number));
      }
    }
  }

  private int images(PlacementRequest request, int row) {
    return request.imageHosts().isEmpty() ? 0 : request.imageHosts().getOrDefault(rows.id(row), 0);
  }

  private PlacementPolicy policyAt(int itsTurn, int row) {
    return itsTurn == KEPT_TURN
        ? policies.apply(rows.classes().get(rows.classOf(row)).pool())
        : filter.groups().get(itsTurn).policy();
  }

  /** The row of the host that is kept for the request, if it has room now. */
  private int keptFor(PlacementRequest request) {
    KnownHost host = request.keptHost() == null ? null : known.get(request.keptHost());
    return host != null
            && host.region == this
            && rows.classes().get(rows.classOf(host.row)).kept()
            && reason(request, host.row) == null
        ? host.row
        : NONE;
  }

  private @Nullable RuledOut reason(PlacementRequest request, int row) {
    int number = rows.classOf(row);
    RuledOut place = filter.reason(number);
    if (place != null) {
      return place;
    }
    if (request.host() != null && !request.host().equals(rows.id(row))) {
      return RuledOut.OTHER_HOST;
    }
    HostClass host = rows.classes().get(number);
    if (!host.schedulable()) {
      return RuledOut.NOT_READY;
    }
    if (!host.answering()) {
      return RuledOut.NOT_ANSWERING;
    }
    return host.kept() && !rows.id(row).equals(request.keptHost())
        ? RuledOut.KEPT
        : need.lacking(rows, row);
  }

  private void lookAt(PlacementRequest request) {
    need.set(request);
    filter = filters.of(request);
    if (moved) {
      bestFit.forget();
      shapes.forEach(ScoredShapes::forget);
      changes.forget(rows.size());
      scoring.forget();
      moved = false;
    }
    if (turnsOfClasses != rows.classes().changes()) {
      // With other classes there may be other groups, or the same in other turns.
      shapes.forEach(ScoredShapes::forget);
      turnsOfClasses = rows.classes().changes();
    }
  }

  private int best(PlacementRequest request, ClassFilter.Group group) {
    if (group.policy() == PlacementPolicy.BEST_FIT) {
      return BestFitIndex.canFind(need) ? bestFit.best(need, group.classes()) : bestOfAll();
    }
    if (shapes.isEmpty()) {
      // Nobody has asked for the changes before.
      changes.forget(rows.size());
    }
    while (shapes.size() <= turn) {
      shapes.add(new ScoredShapes(changes));
    }
    PlacementRequest shape = request.shape();
    return shapes.get(turn).best(shape, rows.size(), this);
  }

  /** The best of those that have their turn now, by looking at all. */
  private int bestOfAll() {
    int best = NONE;
    long least = Long.MAX_VALUE;
    for (int row = 0; row < rows.size(); row++) {
      long score = scoreOrNever(row);
      if (score < least) {
        best = row;
        least = score;
      }
    }
    return best;
  }

  private long scoreOrNever(int row) {
    return hasTurnAndRoom(row)
        ? scoring.score(row, need, filter.groups().get(turn).policy(), 0)
        : Long.MAX_VALUE;
  }

  private boolean hasTurnAndRoom(int row) {
    return filter.groupOf(rows.classOf(row)) == turn && need.fits(rows, row);
  }

  /** The row of the host that keeps the disks, if it has its turn and room. */
  private int only(HostId id) {
    KnownHost host = known.get(id);
    return host != null && host.region == this && hasTurnAndRoom(host.row) ? host.row : NONE;
  }

  /** The best of the hosts with the images, if it is better than the best of all without them. */
  private int withImages(PlacementRequest request, PlacementPolicy policy, int found) {
    int best = found;
    for (Map.Entry<HostId, Integer> there : request.imageHosts().entrySet()) {
      HostId id = there.getKey();
      KnownHost host = known.get(id);
      if (host == null
          || !hasTurnWithImages(host, there.getValue())
          || (request.host() != null && !request.host().equals(id))) {
        continue;
      }
      long score = scoring.score(host.row, need, policy, there.getValue());
      if (score < pickedScore || (score == pickedScore && host.row < best)) {
        best = host.row;
        pickedScore = score;
        pickedDevices = scoring.devices();
      }
    }
    return best;
  }

  private boolean hasTurnWithImages(KnownHost host, int images) {
    if (host.region != this || !need.fits(rows, host.row)) {
      return false;
    }
    int number = rows.classOf(host.row);
    return filter.groupOf(number) == turn
        || (images >= COUNTS_AS_NEAR && filter.groupWithImages(number) == turn);
  }

  private boolean isBestFit(int classNumber) {
    if (classChanges != rows.classes().changes()) {
      classChanges = rows.classes().changes();
      bestFitClasses.clear();
      for (int number = 0; number < rows.classes().all().size(); number++) {
        bestFitClasses.set(
            number, policies.apply(rows.classes().get(number).pool()) == PlacementPolicy.BEST_FIT);
      }
    }
    return bestFitClasses.get(classNumber);
  }

  @Override
  public long atLeast(int row) {
    return hasTurnAndRoom(row)
        ? scoring.atLeast(row, need, filter.groups().get(turn).policy())
        : ScoredShapes.NEVER;
  }

  @Override
  public long score(int row) {
    return scoring.score(row, need, filter.groups().get(turn).policy(), 0);
  }

  private void changed(int row) {
    if (!moved) {
      bestFit.changed(row);
      scoring.changed(row);
      if (!shapes.isEmpty()) {
        changes.changed(row);
      }
    }
  }
}
