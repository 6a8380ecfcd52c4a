/** What the module's README shows, compiled and run. */
package io.tunstack.examples;
