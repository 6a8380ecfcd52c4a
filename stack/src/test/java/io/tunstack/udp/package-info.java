/** Tests of UDP, on the rig of the IP layer's tests. */
package io.tunstack.udp;
