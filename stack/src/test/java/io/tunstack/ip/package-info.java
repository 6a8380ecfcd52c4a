/**
 * Tests of the IP layer: one {@link io.tunstack.ip.IpRig} holds a layer with a recording link below
 * and recording transports above, and {@link io.tunstack.ip.Packets} makes what is injected.
 */
package io.tunstack.ip;
