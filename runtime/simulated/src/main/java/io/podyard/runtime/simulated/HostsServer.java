package io.podyard.runtime.simulated;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.model.Size;
import io.podyard.runtime.CaptureRefusedException;
import io.podyard.runtime.CaptureState;
import io.podyard.runtime.CheckResult;
import io.podyard.runtime.CommandTimedOutException;
import io.podyard.runtime.CoreDumpMissingException;
import io.podyard.runtime.ExecOrder;
import io.podyard.runtime.ExecResult;
import io.podyard.runtime.ExecSession;
import io.podyard.runtime.HostReport;
import io.podyard.runtime.ImageNotPushedException;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.LogStream;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.pod.ContainerEngine.EngineView;
import io.podyard.runtime.pod.ContainerName;
import io.podyard.runtime.pod.ContainerRefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Answers calls out of a world. It holds no state of its own and is the same for all clients. */
final class HostsServer {

  /** Well below the time after which clients give up. */
  private static final Duration LONGEST_HOLD = Duration.ofSeconds(1);

  /** A follower is not limited in bytes. */
  private static final int MOST_BYTES = Integer.MAX_VALUE;

  /** What becomes of a connection that asks for a talk. */
  interface Talks {
    void command(long id, ExecSession session);

    void log(long id, LogStream log);
  }

  private final SimulatedWorld world;

  HostsServer(SimulatedWorld world) {
    this.world = world;
  }

  /**
   * Does what is asked. The answer to a call that makes something come up is held back until it is
   * up, as a real engine does; nothing waits for that but the answer.
   *
   * @param watches called with an installation the client wants news of
   * @param talks called with what the client wants to talk with; the answer is its affair
   */
  void answer(
      Reply.Request request, Consumer<InstallationId> watches, Talks talks, Consumer<Reply> reply) {
    long id = request.id();
    try {
      switch (request.call()) {
        case Call.Hello _ -> reply.accept(Reply.text(id, Integer.toString(Call.VERSION), null));
        case Call.Hosts _ -> reply.accept(Reply.hosts(id, hosts()));
        case Call.Revisions _ -> reply.accept(Reply.text(id, revisions(), null));
        case Call.EnsureHosts ensure -> {
          world.ensureHosts(ensure.count(), Size.of(ensure.milliCpu(), ensure.memoryMib()));
          reply.accept(Reply.done(id));
        }
        case Call.Configure configure -> {
          world.configure(configure.plan());
          reply.accept(Reply.done(id));
        }
        case Call.Watch watch -> {
          watches.accept(new InstallationId(watch.installation()));
          reply.accept(Reply.done(id));
        }
        case Call.OpenExec o ->
            talks.command(
                id,
                engine(o.host())
                    .open(o.engineId(), new ExecOrder(o.command(), o.input(), o.terminal())));
        case Call.FollowLog f ->
            talks.log(
                id,
                engine(f.host())
                    .follow(
                        name(f.installation(), f.group(), f.container(), f.attempt()),
                        new LogQuery(f.tailLines(), MOST_BYTES, f.since(), true, false)));
        case Call.OfHost call -> answer(id, call, engine(call.host()), reply);
      }
    } catch (RuntimeUnavailableException e) {
      String reason = e.reason() == null ? "" : e.reason();
      reply.accept(Reply.failure(id, Reply.Kind.UNAVAILABLE, reason, e.getMessage()));
    } catch (ContainerRefusedException e) {
      reply.accept(Reply.failure(id, Reply.Kind.REFUSED, e.reason(), e.getMessage()));
    } catch (NoSuchContainerException e) {
      reply.accept(Reply.failure(id, Reply.Kind.NO_SUCH_CONTAINER, "", e.getMessage()));
    } catch (ImageNotPushedException | CaptureRefusedException | CoreDumpMissingException e) {
      reply.accept(Reply.failure(id, Reply.Kind.REFUSED, "", e.getMessage()));
    } catch (CommandTimedOutException e) {
      reply.accept(Reply.failure(id, Reply.Kind.COMMAND_ENDED, "", e.getMessage()));
    } catch (IllegalArgumentException e) {
      reply.accept(Reply.failure(id, Reply.Kind.INVALID, "", e.getMessage()));
    }
  }

  private SimulatedEngine engine(String host) throws RuntimeUnavailableException {
    return world
        .engine(new HostId(host))
        .orElseThrow(() -> new RuntimeUnavailableException("there is no simulated host " + host));
  }

  /** A line for each host that answers: its name, a blank, the number. */
  private String revisions() {
    StringBuilder lines = new StringBuilder();
    world
        .revisions()
        .forEach((host, revision) -> lines.append(host).append(' ').append(revision).append('\n'));
    return lines.toString();
  }

  private List<Reply.Host> hosts() {
    List<Reply.Host> hosts = new ArrayList<>();
    for (HostId id : world.hosts()) {
      world.engine(id).ifPresent(engine -> hosts.add(host(id, engine.describe())));
    }
    return hosts;
  }

  private static Reply.Host host(HostId id, HostReport report) {
    return new Reply.Host(
        id.value(),
        report.engine(),
        report.capacity().cpu().value(),
        report.capacity().memory().value(),
        report.architecture(),
        report.gpus() == 0 ? null : report.gpus(),
        report.gpus() == 0 ? null : report.gpuModel());
  }

  private void answer(long id, Call.OfHost call, SimulatedEngine engine, Consumer<Reply> reply)
      throws RuntimeUnavailableException,
          ContainerRefusedException,
          NoSuchContainerException,
          CommandTimedOutException,
          ImageNotPushedException,
          CaptureRefusedException,
          CoreDumpMissingException {
    switch (call) {
      case Call.Report report ->
          reply.accept(Reply.hosts(id, List.of(host(new HostId(report.host()), engine.report()))));
      case Call.Observe o ->
          reply.accept(
              Reply.seen(
                  id,
                  engine.observe(
                      new InstallationId(o.installation()),
                      new ContainerGroupId(o.group()),
                      o.images())));
      case Call.Views v -> {
        Map<String, EngineView> views = new LinkedHashMap<>();
        engine
            .views(new InstallationId(v.installation()))
            .forEach((group, view) -> views.put(group.value(), view));
        reply.accept(Reply.views(id, views));
      }
      case Call.Statistics s ->
          reply.accept(
              Reply.statistics(
                  id,
                  engine.statistics(
                      new InstallationId(s.installation()),
                      s.groups().stream().map(Call.Limits::limits).toList())));
      case Call.CreateSandbox c ->
          doneAfter(
              engine.createSandbox(
                  new InstallationId(c.installation()),
                  new ContainerGroupId(c.group()),
                  c.epoch(),
                  c.disks(),
                  c.address()),
              id,
              reply);
      case Call.UpdateSandbox u -> {
        engine.updateSandbox(
            new InstallationId(u.installation()), new ContainerGroupId(u.group()), u.disks());
        reply.accept(Reply.done(id));
      }
      case Call.BeginPull b -> {
        engine.beginPull(new ContainerGroupId(b.group()), b.image(), b.retry(), b.cached());
        reply.accept(Reply.done(id));
      }
      case Call.CreateContainer c -> {
        engine.createContainer(
            name(c.installation(), c.group(), c.container(), c.attempt()),
            c.image(),
            c.command(),
            c.conduct() == null ? Conduct.PLAIN : c.conduct(),
            c.disks() == null ? List.of() : c.disks(),
            c.epoch());
        reply.accept(Reply.done(id));
      }
      case Call.StartContainer s -> doneAfter(engine.startContainer(s.engineId()), id, reply);
      case Call.BeginStop s -> {
        engine.beginStop(s.engineId(), Duration.ofMillis(s.graceMillis()));
        reply.accept(Reply.done(id));
      }
      case Call.RemoveContainer r -> {
        engine.removeContainer(r.engineId());
        reply.accept(Reply.done(id));
      }
      case Call.RemoveSandbox r -> {
        engine.removeSandbox(new InstallationId(r.installation()), new ContainerGroupId(r.group()));
        reply.accept(Reply.done(id));
      }
      case Call.ForgetLogs f -> {
        engine.forgetLogs(new InstallationId(f.installation()), new ContainerGroupId(f.group()));
        reply.accept(Reply.done(id));
      }
      case Call.LoggedAttempts l ->
          reply.accept(
              Reply.attempts(
                  id,
                  engine.loggedAttempts(
                      new InstallationId(l.installation()),
                      new ContainerGroupId(l.group()),
                      l.container())));
      case Call.Logs l ->
          reply.accept(
              Reply.text(
                  id,
                  engine.logs(
                      name(l.installation(), l.group(), l.container(), l.attempt()),
                      new LogQuery(
                          l.tailLines(), l.limitBytes(), l.since(), l.timestamps(), false)),
                  null));
      case Call.CommitImage c -> {
        engine.commit(new InstallationId(c.installation()), c.engineId(), c.task());
        reply.accept(Reply.done(id));
      }
      case Call.PushImage p -> {
        engine.push(new InstallationId(p.installation()), p.task(), p.image());
        reply.accept(Reply.done(id));
      }
      case Call.RemoveImage r -> {
        engine.removeCommitted(new InstallationId(r.installation()), r.task());
        reply.accept(Reply.done(id));
      }
      case Call.CommittedImages c ->
          reply.accept(
              Reply.text(
                  id,
                  String.join("\n", engine.committed(new InstallationId(c.installation()))),
                  null));
      case Call.BeginCapture b -> {
        engine.beginCapture(
            new InstallationId(b.installation()),
            new ContainerGroupId(b.group()),
            b.task(),
            b.filter());
        reply.accept(Reply.done(id));
      }
      case Call.LookAtCapture l ->
          reply.accept(capture(id, engine.capture(new InstallationId(l.installation()), l.task())));
      case Call.EndCapture e -> {
        engine.endCapture(new InstallationId(e.installation()), e.task());
        reply.accept(Reply.done(id));
      }
      case Call.ReadCapture r -> {
        byte[] file = engine.readCapture(new InstallationId(r.installation()), r.task());
        reply.accept(Reply.text(id, Base64.getEncoder().encodeToString(file), null));
      }
      case Call.RemoveCapture r -> {
        engine.removeCapture(new InstallationId(r.installation()), r.task());
        reply.accept(Reply.done(id));
      }
      case Call.Captures c ->
          reply.accept(
              Reply.text(
                  id,
                  String.join("\n", engine.captures(new InstallationId(c.installation()))),
                  null));
      case Call.ReadCoreDump r -> {
        byte[] file = engine.coreDump(r.engineId());
        reply.accept(Reply.text(id, Base64.getEncoder().encodeToString(file), null));
      }
      case Call.BeginCopies b -> {
        engine.beginCopies(new InstallationId(b.installation()), b.cache(), b.images());
        reply.accept(Reply.done(id));
      }
      case Call.LookAtCopies l ->
          reply.accept(
              Reply.copy(
                  id,
                  engine
                      .copies(new InstallationId(l.installation()), l.cache(), l.images())
                      .orElse(null)));
      case Call.ReleaseCopies r -> {
        engine.release(new InstallationId(r.installation()), r.cache());
        reply.accept(Reply.done(id));
      }
      case Call.HeldCaches h ->
          reply.accept(
              Reply.text(
                  id, String.join("\n", engine.held(new InstallationId(h.installation()))), null));
      case Call.Images _ -> reply.accept(Reply.text(id, ImageLines.of(engine.images()), null));
      case Call.HoldData h -> reply.accept(Reply.data(id, engine.beginData(h)));
      case Call.LookAtData l ->
          reply.accept(
              Reply.data(
                  id, engine.data(new InstallationId(l.installation()), l.cache()).orElse(null)));
      case Call.ReleaseData r -> {
        engine.releaseData(new InstallationId(r.installation()), r.cache());
        reply.accept(Reply.done(id));
      }
      case Call.HeldDataCaches h ->
          reply.accept(
              Reply.text(
                  id,
                  SimulatedMounts.lines(engine.dataDigests(new InstallationId(h.installation()))),
                  null));
      case Call.RemoveDisk r -> {
        engine.removeDisk(new InstallationId(r.installation()), r.disk());
        reply.accept(Reply.done(id));
      }
      case Call.Disks d ->
          reply.accept(
              Reply.text(
                  id, String.join("\n", engine.disks(new InstallationId(d.installation()))), null));
      case Call.Check c -> {
        CheckResult result =
            engine.check(c.engineId(), c.kind(), c.command(), Duration.ofMillis(c.timeoutMillis()));
        reply.accept(Reply.text(id, result.output(), result.passed() ? 0 : 1));
      }
      case Call.Talk _ -> throw new IllegalArgumentException("a talk is no call like others");
      case Call.Exec e -> {
        ExecResult result =
            engine.exec(e.engineId(), e.command(), Duration.ofMillis(e.timeoutMillis()));
        reply.accept(Reply.text(id, result.output(), result.exitCode()));
      }
    }
  }

  /** Without a text there is none; with a code it has ended, with 0 well. */
  private static Reply capture(long id, Optional<CaptureState> state) {
    return switch (state.orElse(null)) {
      case null -> Reply.done(id);
      case CaptureState.Running _ -> Reply.text(id, "", null);
      case CaptureState.Ended(boolean captured, String words) ->
          Reply.text(id, words, captured ? 0 : 1);
    };
  }

  private static ContainerName name(
      String installation, String group, String container, int attempt) {
    return new ContainerName(
        new InstallationId(installation), new ContainerGroupId(group), container, attempt);
  }

  private void doneAfter(Duration delay, long id, Consumer<Reply> reply) {
    if (delay.isZero()) {
      reply.accept(Reply.done(id));
      return;
    }
    // Scheduled after the effect itself, so the effect is seen by whoever got the answer.
    Duration hold = delay.compareTo(LONGEST_HOLD) < 0 ? delay : LONGEST_HOLD;
    world.time().after(hold.plusMillis(1), () -> reply.accept(Reply.done(id)));
  }
}
