package io.podyard.runtime.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.AccountId;
import io.podyard.runtime.CaptureFilter;
import io.podyard.runtime.CaptureOrder;
import io.podyard.runtime.CaptureRefusedException;
import io.podyard.runtime.CaptureState;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.RestartPolicy;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Captures of packets. */
abstract class CaptureContract extends TalkContract {

  private static final int FILE_HEADER = 24;
  private static final int PACKET_HEADER = 16;
  private static final String TALK =
      "while true; do nc -w 1 127.0.0.1 4711 </dev/null; sleep 0.05; done";

  /** An image with {@code tcpdump}, which also a runtime that needs none may name. */
  protected abstract String captureImage();

  private CaptureOrder order(DrivenGroup group, String image, CaptureFilter filter) {
    return new CaptureOrder(
        installation,
        new AccountId("contract"),
        host(),
        group.id(),
        "ops-" + random(10),
        image,
        1,
        filter);
  }

  private static CaptureFilter filter(String device, int packets, long fileBytes) {
    return new CaptureFilter(
        device,
        CaptureFilter.Protocol.TCP,
        new CaptureFilter.End("127.0.0.0/8", null),
        new CaptureFilter.End("127.0.0.1", 4711),
        200,
        packets,
        fileBytes);
  }

  private DrivenGroup talking() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, container("app", "sh", "-c", TALK)));
    driveTo(runtime, group, GroupPhase.RUNNING);
    return group;
  }

  private void begin(CaptureOrder order, Fence fence) throws Exception {
    long end = System.nanoTime() + patience().toNanos();
    while (!runtime.beginCapture(order, fence)) {
      assertThat(System.nanoTime()).as("its image comes").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private CaptureState.Ended ended(CaptureOrder order) throws Exception {
    long end = System.nanoTime() + patience().toNanos();
    while (true) {
      CaptureState state = runtime.capture(installation, host(), order.task()).orElseThrow();
      if (state instanceof CaptureState.Ended ended) {
        return ended;
      }
      assertThat(System.nanoTime()).as("it ends").isLessThan(end);
    }
  }

  private byte[] read(CaptureOrder order) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    runtime.readCapture(installation, host(), order.task(), out);
    return out.toByteArray();
  }

  /** How many packets a file has, each of them a TCP packet to the port that was asked for. */
  private static int packets(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(in.getInt()).isEqualTo(0xA1B2C3D4);
    in.position(FILE_HEADER);
    int packets = 0;
    while (in.hasRemaining()) {
      int start = in.position();
      int size = in.getInt(start + 8);
      assertThat(size).isBetween(1, 200);
      ByteBuffer packet = in.slice(start + PACKET_HEADER, size).order(ByteOrder.BIG_ENDIAN);
      assertThat(packet.get(14 + 9)).as("protocol").isEqualTo((byte) 6);
      assertThat(packet.getShort(14 + 20 + 2)).as("port").isEqualTo((short) 4711);
      in.position(start + PACKET_HEADER + size);
      packets++;
    }
    return packets;
  }

  @Test
  void packetsAreCapturedUpToANumberOrASizeOrUntilItIsEnded() throws Exception {
    DrivenGroup group = talking();
    Fence fence = new OpenFence(1);
    CaptureOrder some = order(group, captureImage(), filter("lo", 3, 1 << 20));
    CaptureOrder small = order(group, captureImage(), filter("lo", 0, 400));
    CaptureOrder open = order(group, captureImage(), filter("lo", 0, 1 << 20));
    begin(some, fence);
    begin(small, fence);
    begin(open, fence);
    begin(open, fence);
    assertThat(runtime.captures(installation, host()))
        .containsExactlyInAnyOrder(some.task(), small.task(), open.task());

    assertThat(ended(some)).isEqualTo(new CaptureState.Ended(true, ""));
    assertThat(packets(read(some))).isEqualTo(3);
    assertThat(packets(read(some))).as("read again").isEqualTo(3);

    assertThat(ended(small).captured()).isTrue();
    assertThat(read(small).length).isLessThanOrEqualTo(400);
    assertThat(packets(read(small))).isPositive();

    assertThat(runtime.capture(installation, host(), open.task()))
        .contains(new CaptureState.Running());
    runtime.endCapture(installation, host(), open.task(), fence);
    runtime.endCapture(installation, host(), open.task(), fence);
    assertThat(ended(open).captured()).isTrue();
    assertThat(packets(read(open))).isPositive();

    for (CaptureOrder order : new CaptureOrder[] {some, small, open}) {
      runtime.removeCapture(installation, host(), order.task(), fence);
      runtime.removeCapture(installation, host(), order.task(), fence);
      assertThat(runtime.capture(installation, host(), order.task())).isEmpty();
      assertThatThrownBy(() -> read(order)).isInstanceOf(CaptureRefusedException.class);
    }
    assertThat(runtime.captures(installation, host())).isEmpty();
    assertThat(found(runtime, group).orElseThrow().containers()).hasSize(1);
  }

  @Test
  void aCaptureThatCannotBeSaysWhyAndEndsWithItsGroup() throws Exception {
    DrivenGroup group = talking();
    Fence fence = new OpenFence(1);
    CaptureOrder nowhere = order(group, captureImage(), filter("eth9", 0, 1 << 20));
    begin(nowhere, fence);
    CaptureState.Ended ended = ended(nowhere);
    assertThat(ended.captured()).isFalse();
    assertThat(ended.words()).contains("eth9");

    CaptureOrder noImage = order(group, failingImage(), filter("lo", 0, 1 << 20));
    assertThatThrownBy(() -> begin(noImage, fence))
        .isInstanceOf(CaptureRefusedException.class)
        .hasMessageContaining(failingImage());

    CaptureOrder left = order(group, captureImage(), filter("lo", 0, 1 << 20));
    begin(left, fence);
    group.goal(end(Duration.ZERO));
    driveTo(runtime, group, GroupPhase.GONE);
    assertThat(runtime.capture(installation, host(), left.task())).isEmpty();
    assertThat(runtime.captures(installation, host())).isEmpty();
    assertThatThrownBy(() -> begin(left, fence)).isInstanceOf(CaptureRefusedException.class);
  }
}
