/** Tests of the timer wheel. */
package io.tunstack.time;
