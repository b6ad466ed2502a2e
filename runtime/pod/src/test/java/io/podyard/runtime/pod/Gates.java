package io.podyard.runtime.pod;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Crashes at chosen calls. */
final class Gates {

  /** Nothing crashes. */
  static final ScriptedEngine.Gate OPEN =
      new ScriptedEngine.Gate() {
        @Override
        public void before(String call) {}

        @Override
        public void after(String call) {}
      };

  private Gates() {}

  /** Nothing goes on in a process that is killed: no exception that anybody handles. */
  static final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    Crash(String where) {
      super(where);
    }
  }

  static ScriptedEngine.Gate failingBefore(String call) {
    return new ScriptedEngine.Gate() {
      @Override
      public void before(String made) {
        if (made.equals(call)) {
          throw new Crash("before " + call);
        }
      }

      @Override
      public void after(String made) {}
    };
  }

  static ScriptedEngine.Gate failingAfter(String call) {
    return new ScriptedEngine.Gate() {
      @Override
      public void before(String made) {}

      @Override
      public void after(String made) {
        if (made.equals(call)) {
          throw new Crash("after " + call);
        }
      }
    };
  }

  static void expectCrash(TestPod pod) {
    assertThatThrownBy(pod::drive).isInstanceOf(Crash.class);
  }
}
