/**
 * The command's tests, and those of the whole tree: the rules of its architecture, and what is seen
 * from outside when the packaged jar meets the kernel ({@code *IT}).
 */
package io.tunstack.tools;
