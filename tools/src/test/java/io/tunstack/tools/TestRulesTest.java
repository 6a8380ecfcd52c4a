package io.tunstack.tools;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules for the tests of every module; most of all, that each of them is run. */
final class TestRulesTest {
  /** What Surefire and Failsafe look for. Anything else is compiled and never run. */
  private static final Pattern RUN = Pattern.compile(".*(Test|Properties|Fuzz|IT)");

  private static final String JUPITER = "org.junit.jupiter.";
  private static final String JQWIK = "net.jqwik.api.";

  private static JavaClasses tests;

  @BeforeAll
  static void importClasses() {
    tests = new ClassFileImporter().importPaths(Modules.folders("target/test-classes"));
  }

  private static final DescribedPredicate<JavaClass> HOLD_TESTS =
      DescribedPredicate.describe("hold tests", item -> !engines(item).isEmpty());

  /** Which engines would run something in the class: JUPITER, JQWIK. */
  private static Set<String> engines(JavaClass item) {
    return item.getMethods().stream()
        .flatMap(method -> enginesOf(method).stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Set<String> enginesOf(JavaMethod method) {
    return method.getAnnotations().stream()
        .map(annotation -> annotation.getRawType().getName())
        .filter(
            name ->
                name.matches(
                    "(org\\.junit\\.jupiter\\.(api|params)|net\\.jqwik\\.api)"
                        + "\\.(Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate"
                        + "|Property|Example)"))
        .map(name -> name.startsWith(JQWIK) ? JQWIK : JUPITER)
        .collect(Collectors.toUnmodifiableSet());
  }

  @Test
  void shouldSeeTheTestsOfEveryModule() {
    assertTrue(tests.stream().anyMatch(item -> engines(item).contains(JQWIK)));
    assertTrue(tests.contain(TestRulesTest.class));
    assertTrue(tests.containPackage("io.tunstack.tcp"));
    assertTrue(tests.containPackage("io.tunstack.tun"));
  }

  @Test
  void shouldHaveNamesThatAreRun() {
    classes()
        .that(HOLD_TESTS)
        .should(
            new ArchCondition<>("have a name that Surefire or Failsafe runs") {
              @Override
              public void check(JavaClass item, ConditionEvents events) {
                JavaClass top = item;
                while (top.getEnclosingClass().isPresent()) {
                  top = top.getEnclosingClass().get();
                }
                if (!RUN.matcher(top.getSimpleName()).matches()) {
                  events.add(
                      SimpleConditionEvent.violated(
                          item, item.getName() + " matches none of " + RUN));
                }
              }
            })
        .check(tests);
  }

  @Test
  void shouldBelongToOneEngine() {
    classes()
        .that(HOLD_TESTS)
        .should(
            new ArchCondition<>("have tests of JUnit or of jqwik, not both") {
              @Override
              public void check(JavaClass item, ConditionEvents events) {
                if (engines(item).size() > 1) {
                  events.add(SimpleConditionEvent.violated(item, item.getName() + " mixes them"));
                }
              }
            })
        .check(tests);
  }

  @Test
  void shouldNotBeSwitchedOff() {
    noClasses()
        .that()
        .areNotAssignableTo(RequiresRoot.Condition.class)
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "org\\.junit\\.jupiter\\.api\\.(Disabled|condition\\..*)|net\\.jqwik\\.api\\.Disabled")
        .because("a test that does not run says nothing")
        .check(tests);
  }

  @Test
  void shouldNotBeSkipped_whenEndToEndAndRoot() {
    noClasses()
        .that()
        .resideInAPackage("io.tunstack.tools..")
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "org\\.junit\\.jupiter\\.api\\.Assumptions|org\\.opentest4j\\.TestAbortedException")
        .because("only RequiresRoot may skip, and as root it does not")
        .check(tests);
  }

  @Test
  void shouldMarkEveryEndToEndTest() {
    classes()
        .that()
        .haveSimpleNameEndingWith("IT")
        .should()
        .beAnnotatedWith(RequiresRoot.class)
        .check(tests);
  }

  @Test
  void shouldNotSleep() {
    noClasses()
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", java.time.Duration.class)
        .because("tests wait for what happens, not for time to pass")
        .check(tests);
  }
}
