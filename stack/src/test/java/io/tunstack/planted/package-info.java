/**
 * Keeps the planted bugs usable: patches under {@code src/test/resources/planted}, each a bug that
 * TCP implementations have had, which {@code src/test/planted/run} puts into a copy of the sources
 * to see that a test catches it.
 */
package io.tunstack.planted;
