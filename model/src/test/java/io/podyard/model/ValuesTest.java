package io.podyard.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void vcpuIsRoundedUpToAThousandthAndComesBackExactly() {
    assertThat(MilliCpu.ofVcpu(new BigDecimal("0.25"))).isEqualTo(MilliCpu.of(250));
    assertThat(MilliCpu.ofVcpu(new BigDecimal("0.0001"))).isEqualTo(MilliCpu.of(1));
    assertThat(MilliCpu.of(1500).vcpu()).isEqualByComparingTo("1.5");
  }

  @Test
  void memoryIsRoundedUpToAMibAndComesBackExactly() {
    assertThat(MemoryMib.ofGib(new BigDecimal("0.5"))).isEqualTo(MemoryMib.of(512));
    assertThat(MemoryMib.ofGib(new BigDecimal("0.0001"))).isEqualTo(MemoryMib.of(1));
    assertThat(MemoryMib.of(1536).gib()).isEqualByComparingTo("1.5");
    assertThat(MemoryMib.of(1).bytes()).isEqualTo(1_048_576);
  }

  @Test
  void nothingIsNegativeOrOverflowsSilently() {
    assertThatIllegalArgumentException().isThrownBy(() -> MilliCpu.of(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> MemoryMib.of(-1));
    assertThatThrownBy(() -> MilliCpu.of(Integer.MAX_VALUE).plus(MilliCpu.of(1)))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> MilliCpu.ofVcpu(new BigDecimal("1e12")))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void aSizeFitsOnlyInBothDimensions() {
    assertThat(Size.of(1000, 1024).fitsIn(Size.of(1000, 1024))).isTrue();
    assertThat(Size.of(1001, 1024).fitsIn(Size.of(1000, 4096))).isFalse();
    assertThat(Size.of(1000, 1025).fitsIn(Size.of(4000, 1024))).isFalse();
  }

  @Test
  void amountsOfDifferentCurrenciesCannotBeAdded() {
    Money yuan = new Money(new BigDecimal("0.1"), new CurrencyCode("CNY"));
    assertThat(yuan.plus(yuan).amount()).isEqualByComparingTo("0.2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> yuan.plus(Money.zero(new CurrencyCode("USD"))));
    assertThatIllegalArgumentException().isThrownBy(() -> new CurrencyCode("XYZW"));
  }

  @Test
  void periodsAreHalfOpen() {
    Period period = new Period(T0, T0.plusSeconds(10));
    assertThat(period.contains(T0)).isTrue();
    assertThat(period.contains(T0.plusSeconds(10))).isFalse();
    assertThat(period.overlaps(new Period(T0.plusSeconds(10), T0.plusSeconds(20)))).isFalse();
    assertThat(period.intersect(new Period(T0.plusSeconds(5), T0.plusSeconds(20))))
        .isEqualTo(new Period(T0.plusSeconds(5), T0.plusSeconds(10)));
    assertThat(period.intersect(new Period(T0.plusSeconds(15), T0.plusSeconds(20))).isEmpty())
        .isTrue();
    assertThatIllegalArgumentException().isThrownBy(() -> new Period(T0.plusSeconds(1), T0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b", "a\nb", "ä", "a:b"})
  void anIdHoldsNothingThatIsUnsafeInALabelOrPath(String value) {
    assertThatIllegalArgumentException().isThrownBy(() -> new ContainerGroupId(value));
  }
}
