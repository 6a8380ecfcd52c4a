/**
 * Which test proves which requirement of the RFCs.
 *
 * <pre>
 *   resources/requirements.tsv           what is asked: id, level, RFC section, text
 *            |
 *   @Requirement("TCP-012") on a test    who proves it      (in other modules: @Tag("SYS-001"))
 *   resources/requirement-reasons.tsv    why a SHOULD or MAY is not done
 *            |
 *      Conformance  --->  CONFORMANCE.md, resources/requirements-open.txt
 * </pre>
 *
 * <p>Both files on the right are generated; {@link io.tunstack.requirement.ConformanceTest} fails
 * when they are not what the sources say, and tells how to write them. After a merge conflict in
 * one of them take either side and write them again.
 */
package io.tunstack.requirement;
