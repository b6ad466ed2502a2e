package io.podyard.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.RegionId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegionPatternTest {

  private static final RegionId HANGZHOU = new RegionId("cn-hangzhou");

  @Test
  void aNameMatchesThatRegionAlone() {
    assertThat(new RegionPattern("cn-hangzhou").matches(HANGZHOU)).isTrue();
    assertThat(new RegionPattern("cn-hangzhou").matches(new RegionId("cn-hangzhou-finance")))
        .isFalse();
    assertThat(new RegionPattern("cn-hang").matches(HANGZHOU)).isFalse();
    assertThat(RegionPattern.only(HANGZHOU)).isEqualTo(new RegionPattern("cn-hangzhou"));
  }

  @Test
  void aBeginningWithAStarMatchesWhatBeginsAlike() {
    assertThat(new RegionPattern("cn-*").matches(HANGZHOU)).isTrue();
    assertThat(new RegionPattern("cn-*").matches(new RegionId("ap-cn-1"))).isFalse();
    assertThat(new RegionPattern("cn-hangzhou*").matches(HANGZHOU)).isTrue();
  }

  @Test
  void aStarMatchesEveryRegion() {
    assertThat(RegionPattern.ALL.matches(HANGZHOU)).isTrue();
    assertThat(RegionPattern.ALL.matches(new RegionId("x"))).isTrue();
  }

  @Test
  void theLongerPatternIsCloserAndANameIsTheClosest() {
    assertThat(new RegionPattern("cn-*").closeness()).isGreaterThan(RegionPattern.ALL.closeness());
    assertThat(new RegionPattern("cn-h*").closeness())
        .isGreaterThan(new RegionPattern("cn-*").closeness());
    assertThat(new RegionPattern("cn-hangzhou").closeness())
        .isGreaterThan(new RegionPattern("cn-hangzhou*").closeness());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "**", "*-hangzhou", "cn-*-finance", "cn hangzhou", "cn/*"})
  void anythingElseIsRefused(String value) {
    assertThatThrownBy(() -> new RegionPattern(value)).isInstanceOf(IllegalArgumentException.class);
  }
}
