package io.tunstack.http;

import io.tunstack.net.Alarm;
import io.tunstack.time.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Alarms on a clock that the test moves. */
final class FakeAlarms {
  private final VirtualClock clock = new VirtualClock();
  private final List<FakeAlarm> alarms = new ArrayList<>();

  Alarm alarm(Runnable action) {
    FakeAlarm alarm = new FakeAlarm(action);
    alarms.add(alarm);
    return alarm;
  }

  VirtualClock clock() {
    return clock;
  }

  /** Lets time pass, alarms ringing in their order. */
  void pass(Duration time) {
    long end = clock.nanos() + time.toNanos();
    while (true) {
      FakeAlarm next = null;
      for (FakeAlarm alarm : alarms) {
        if (alarm.deadline <= end && (next == null || alarm.deadline < next.deadline)) {
          next = alarm;
        }
      }
      if (next == null) {
        clock.advanceTo(end);
        return;
      }
      clock.advanceTo(next.deadline);
      next.deadline = Long.MAX_VALUE;
      next.action.run();
    }
  }

  boolean anyArmed() {
    return alarms.stream().anyMatch(FakeAlarm::isArmed);
  }

  private final class FakeAlarm implements Alarm {
    private final Runnable action;
    private long deadline = Long.MAX_VALUE;

    FakeAlarm(Runnable action) {
      this.action = action;
    }

    @Override
    public void arm(Duration delay) {
      deadline = clock.nanos() + delay.toNanos();
    }

    @Override
    public void cancel() {
      deadline = Long.MAX_VALUE;
    }

    @Override
    public boolean isArmed() {
      return deadline != Long.MAX_VALUE;
    }
  }
}
