package io.tunstack.tun;

import io.tunstack.wire.IpAddress;

/**
 * What the device turned out to be, read back from the kernel.
 *
 * @param name of the network interface
 * @param hostAddress the kernel's end
 * @param prefixLength of the network behind the device, bits
 * @param mtu bytes
 * @param txQueueLength packets that the kernel keeps for us at most
 * @param persistent true if the device was there before and stays when the link is closed
 * @param offload whether it carries packets of up to 64 KiB with partial checksums
 */
public record TunInfo(
    String name,
    IpAddress hostAddress,
    int prefixLength,
    int mtu,
    int txQueueLength,
    boolean persistent,
    boolean offload) {

  /**
   * Tells whether the kernel's queue is shorter than {@link TunConfig#TX_QUEUE_LENGTH}, which only
   * happens to a persistent device that this process may not change: uploads will lose packets.
   *
   * @return true if it is too short
   */
  public boolean hasShortQueue() {
    return txQueueLength < TunConfig.TX_QUEUE_LENGTH;
  }
}
