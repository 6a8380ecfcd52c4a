/** Tests of the stack as a whole, driven by hand and by its thread. */
package io.tunstack.engine;
