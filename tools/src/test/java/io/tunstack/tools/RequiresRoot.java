package io.tunstack.tools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Marks an end-to-end test: it needs root, and runs in the network namespace that {@code
 * src/test/netns/bin/java} made for it.
 *
 * <p>Without root it is skipped, and the report says why. As root it is never skipped: what is
 * missing then fails it. This is the only place that may skip a test.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresRoot.Condition.class)
@interface RequiresRoot {

  /** Decides. */
  final class Condition implements ExecutionCondition, BeforeAllCallback {
    private static final String REASON =
        "end-to-end tests make network devices, which takes root: run mvn -B verify as root";

    /** The report has the reason with every test; the console wants it once. */
    private static final AtomicBoolean SAID = new AtomicBoolean();

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      if (isRoot()) {
        return ConditionEvaluationResult.enabled("root");
      }
      if (SAID.compareAndSet(false, true)) {
        System.err.println("Skipped: " + REASON);
      }
      return ConditionEvaluationResult.disabled(REASON);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
      if (System.getenv("TUNSTACK_TEST_NETNS") == null) {
        throw new AssertionError(
            "root cannot make a network namespace here (unshare --net --mount; in a container:"
                + " --privileged), and end-to-end tests must not touch the machine's own");
      }
      if (!Files.exists(Path.of("/dev/net/tun"))) {
        throw new AssertionError(
            "there is no /dev/net/tun here; modprobe tun, or in a container --device /dev/net/tun");
      }
    }

    static boolean isRoot() {
      try {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
