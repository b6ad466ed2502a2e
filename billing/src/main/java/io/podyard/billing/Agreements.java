package io.podyard.billing;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All agreements of one account, immutable. They apply in one order: reserved instances, then
 * savings plans where they save the largest share first, then the account's discounts on the rest.
 * Spot groups are covered by none.
 */
public final class Agreements {

  public static final Agreements NONE = new Agreements(List.of());

  /** Those of one zone first: they can cover nothing else. */
  private static final Comparator<ReservedInstances> NARROW_FIRST =
      comparing((ReservedInstances reserved) -> reserved.zone() == null)
          .thenComparing(ReservedInstances::from)
          .thenComparing(ReservedInstances::id);

  private final List<Agreement> all;

  private Agreements(List<Agreement> all) {
    this.all = all;
  }

  /**
   * These, in whatever order.
   *
   * @throws InvalidAgreementsException naming everything that is wrong: ids that are used twice,
   *     discounts of one pattern that overlap
   */
  public static Agreements of(List<? extends Agreement> agreements) {
    List<Agreement> inOrder = new ArrayList<>(agreements);
    inOrder.sort(comparing(Agreement::id));
    List<String> problems = problems(inOrder);
    if (!problems.isEmpty()) {
      throw new InvalidAgreementsException(problems);
    }
    return new Agreements(List.copyOf(inOrder));
  }

  private static List<String> problems(List<Agreement> inOrder) {
    List<String> problems = new ArrayList<>();
    Set<AgreementId> ids = new HashSet<>();
    List<AccountDiscount> discounts = new ArrayList<>();
    for (Agreement agreement : inOrder) {
      if (!ids.add(agreement.id())) {
        problems.add("there are two agreements with the id " + agreement.id());
      }
      if (agreement instanceof AccountDiscount discount) {
        for (AccountDiscount other : discounts) {
          if (other.items().equals(discount.items()) && other.overlaps(discount)) {
            problems.add(
                "the discounts %s and %s are both for %s at %s"
                    .formatted(
                        other.id(), discount.id(), discount.items(), later(other, discount)));
          }
        }
        discounts.add(discount);
      }
    }
    return problems;
  }

  private static Hour later(Agreement one, Agreement other) {
    return one.from().compareTo(other.from()) > 0 ? one.from() : other.from();
  }

  /**
   * What becomes of these if others take their place. Hours that have begun are paid for as they
   * were agreed: an agreement that has begun stays, and nothing of it changes but its end.
   *
   * @param next all there are to be, those that stay among them
   * @param first the first hour that has not begun
   * @throws InvalidAgreementsException naming everything that would change an hour that has begun
   */
  public AgreementChange supersede(Agreements next, Hour first) {
    List<String> problems = new ArrayList<>();
    List<Agreement> gone = new ArrayList<>(all);
    gone.removeAll(next.all);
    List<Agreement> added = new ArrayList<>(next.all);
    added.removeAll(all);
    for (Agreement old : gone) {
      Optional<Agreement> after =
          added.stream().filter(other -> other.id().equals(old.id())).findFirst();
      if (!hasBegun(old, first)) {
        continue;
      }
      if (after.isEmpty()) {
        problems.add(
            "%s has begun at %s and must not be left out: it can get an end, at %s or later"
                .formatted(old.id(), old.from(), first));
      } else if (!endsAs(old, after.get()) || isOver(old, first) || isOver(after.get(), first)) {
        problems.add(
            "%s has begun at %s: nothing of it can change but its end, at %s or later"
                .formatted(old.id(), old.from(), first));
      }
    }
    for (Agreement fresh : added) {
      boolean there =
          gone.stream().anyMatch(old -> old.id().equals(fresh.id()) && hasBegun(old, first));
      if (!there && hasBegun(fresh, first)) {
        problems.add(
            "%s begins at %s; the first hour that has not begun is %s"
                .formatted(fresh.id(), fresh.from(), first));
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidAgreementsException(problems);
    }
    return new AgreementChange(gone, added);
  }

  private static boolean hasBegun(Agreement agreement, Hour first) {
    return agreement.from().compareTo(first) < 0;
  }

  private static boolean isOver(Agreement agreement, Hour first) {
    Hour end = agreement.to();
    return end != null && end.compareTo(first) < 0;
  }

  /** Whether both are the same but for their ends. */
  private static boolean endsAs(Agreement one, Agreement other) {
    return switch (one) {
      case AccountDiscount d ->
          new AccountDiscount(d.id(), d.items(), d.share(), d.from(), other.to()).equals(other);
      case ReservedInstances r ->
          new ReservedInstances(
                  r.id(),
                  r.instanceType(),
                  r.region(),
                  r.zone(),
                  r.count(),
                  r.perSecond(),
                  r.from(),
                  other.to())
              .equals(other);
      case SavingsPlan _ -> false;
    };
  }

  /** In order of their ids. */
  public List<Agreement> all() {
    return all;
  }

  /** Those valid in the hour, in the order in which they cover. */
  List<ReservedInstances> reserved(Hour hour) {
    return all.stream()
        .filter(agreement -> agreement.isValidIn(hour))
        .filter(ReservedInstances.class::isInstance)
        .map(ReservedInstances.class::cast)
        .sorted(NARROW_FIRST)
        .toList();
  }

  /** Those valid in the hour, the oldest first. */
  List<SavingsPlan> plans(Hour hour) {
    return all.stream()
        .filter(agreement -> agreement.isValidIn(hour))
        .filter(SavingsPlan.class::isInstance)
        .map(SavingsPlan.class::cast)
        .sorted(comparing(SavingsPlan::from).thenComparing(SavingsPlan::id))
        .toList();
  }

  /** The discount on what is covered by nothing else; the closest of several. */
  Optional<AccountDiscount> discount(Item item, Hour hour) {
    return all.stream()
        .filter(agreement -> agreement.isValidIn(hour))
        .filter(AccountDiscount.class::isInstance)
        .map(AccountDiscount.class::cast)
        .filter(discount -> discount.items().matches(item))
        .max(comparingInt(discount -> discount.items().closeness()));
  }

  /**
   * What an account pays of rates that no commitment covers and that are no spot group's: its
   * discounts are taken off.
   */
  public List<ItemRate> discounted(List<ItemRate> rates, Hour hour) {
    return rates.stream()
        .map(
            rate ->
                discount(rate.item(), hour)
                    .map(discount -> rate.times(discount.share()))
                    .orElse(rate))
        .toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Agreements agreements && all.equals(agreements.all);
  }

  @Override
  public int hashCode() {
    return all.hashCode();
  }

  @Override
  public String toString() {
    return "Agreements" + all;
  }
}
