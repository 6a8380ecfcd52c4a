package io.tunstack.requirement;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the rows of {@code requirements.tsv} that a test proves: the test fails when the rule is
 * broken. On a class, all its tests together are the proof.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Requirement {
  /**
   * The ids, written as literals.
   *
   * @return such as {@code "TCP-012"}
   */
  String[] value();
}
