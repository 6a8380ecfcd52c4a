package io.tunstack.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.tun.TunException.Kind;
import io.tunstack.wire.IpAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TunDeviceTest {
  private final FakeKernel kernel = new FakeKernel();
  private final TunConfig config = TunConfig.builder().mtu(1400).build();

  @Test
  void shouldSetEverything_whenTheDeviceIsNew() {
    TunDevice.Opened opened = TunDevice.open(kernel, config);

    FakeKernel.Interface made = kernel.interfaces.get("tunstack0");
    assertEquals(List.of("10.77.0.1/24"), made.addresses);
    assertEquals(1400, made.mtu);
    assertEquals(10_000, made.txQueueLength);
    assertTrue(made.isUp());
    assertEquals(FakeKernel.TUN, opened.fd());
    assertEquals(
        new TunInfo("tunstack0", IpAddress.parse("10.77.0.1"), 24, 1400, 10_000, false, false),
        opened.info());
    assertEquals(List.of(FakeKernel.SOCKET), kernel.closed);
  }

  @Test
  void shouldAskForOffload_whenItIsWanted() {
    TunInfo info = TunDevice.open(kernel, TunConfig.builder().offload(true).build()).info();

    assertTrue(info.offload());
    assertEquals(
        List.of(
            "open /dev/net/tun",
            "TUNSETIFF tunstack0 vnet",
            "TUNSETVNETHDRSZ 10",
            "TUNSETOFFLOAD 3"),
        kernel.calls.subList(0, 4));
  }

  @Test
  void shouldStartAgainWithout_whenTheKernelDoesNotOfferOffload() {
    kernel.offersOffload = false;

    TunInfo info = TunDevice.open(kernel, TunConfig.builder().offload(true).build()).info();

    assertFalse(info.offload());
    assertEquals(
        List.of("open /dev/net/tun", "TUNSETIFF tunstack0", "TUNSETOFFLOAD 0"),
        kernel.calls.subList(4, 7));
    assertTrue(kernel.interfaces.get("tunstack0").isUp());
  }

  @Test
  void shouldSayWhatIsInTheWay_whenItIsNotTheOffload() {
    kernel.failingIoctls.put(TunDevice.TUNSETIFF, Errno.EBUSY);

    TunException refusal =
        assertThrows(
            TunException.class,
            () -> TunDevice.open(kernel, TunConfig.builder().offload(true).build()));

    assertEquals(Kind.NAME_IN_USE, refusal.kind());
    assertTrue(kernel.closed.contains(FakeKernel.TUN));
  }

  @Test
  void shouldBringItUpLast_soThatNoRouteIsMadeForAWrongNetmask() {
    TunDevice.open(kernel, config);

    assertEquals("set " + Integer.toHexString(InterfaceControl.SIOCSIFFLAGS), last(kernel.calls));
  }

  @Test
  void shouldSetNothing_whenAPersistentDeviceHasItAll() {
    FakeKernel.Interface mine = persistent("10.77.0.1/24");
    mine.mtu = 1400;
    mine.txQueueLength = 20_000;
    mine.flags = InterfaceControl.IFF_UP;

    TunInfo info = TunDevice.open(kernel, config).info();

    assertEquals(
        List.of("open /dev/net/tun", "TUNSETIFF tunstack0", "TUNSETOFFLOAD 0"), kernel.calls);
    assertTrue(info.persistent());
    assertFalse(info.hasShortQueue());
  }

  @Test
  void shouldGoOnWithAShortQueue_whenAPersistentDeviceMayNotBeChanged() {
    FakeKernel.Interface mine = persistent("10.77.0.1/24");
    mine.mtu = 1400;
    mine.flags = InterfaceControl.IFF_UP;
    kernel.failingIoctls.put(InterfaceControl.SIOCSIFTXQLEN, Errno.EPERM);

    TunInfo info = TunDevice.open(kernel, config).info();

    assertEquals(500, info.txQueueLength());
    assertTrue(info.hasShortQueue());
  }

  @Test
  void shouldSetUp_whenAPersistentDeviceHasNoAddressAndWeMay() {
    FakeKernel.Interface mine = persistent();

    TunDevice.open(kernel, config);

    assertEquals(List.of("10.77.0.1/24"), mine.addresses);
    assertTrue(mine.isUp());
  }

  @Test
  void shouldAcceptASecondAddress_whenOursIsAmongThem() {
    FakeKernel.Interface mine = persistent("10.99.0.1/24", "10.77.0.1/24");

    TunDevice.open(kernel, config);

    assertEquals(List.of("10.99.0.1/24", "10.77.0.1/24"), mine.addresses);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.99.0.1/24", "10.77.0.1/16", "10.77.0.9/24"})
  void shouldRefuseAndTell_whenThePersistentDeviceHasAnotherAddress(String other) {
    FakeKernel.Interface mine = persistent(other);

    TunException refusal = refusal(Kind.CONFIGURED_OTHERWISE);

    assertTrue(refusal.getMessage().contains("has " + other + ", not 10.77.0.1/24"));
    assertTrue(refusal.getMessage().contains("sudo ip address add 10.77.0.1/24 dev tunstack0"));
    assertEquals(List.of(other), mine.addresses);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        InterfaceControl.SIOCSIFADDR,
        InterfaceControl.SIOCSIFNETMASK,
        InterfaceControl.SIOCSIFMTU,
        InterfaceControl.SIOCSIFFLAGS
      })
  void shouldTellTheLinesToType_whenAPersistentDeviceNeedsWhatWeMayNot(int ioctl) {
    persistent();
    kernel.failingIoctls.put(ioctl, Errno.EPERM);

    TunException refusal = refusal(Kind.PERMISSION);

    assertTrue(
        refusal
            .getMessage()
            .contains("sudo ip link set dev tunstack0 mtu 1400 txqueuelen 10000 up"));
  }

  @ParameterizedTest
  @CsvSource({
    "10.77.0.9/24, 10.78.0.2/24",
    "10.77.0.1/32, 10.78.0.2/24",
    "10.0.0.1/8,   198.18.0.2/24",
    "10.77.0.128/25, 10.78.0.2/24"
  })
  void shouldRefuseBeforeMakingAnything_whenAnotherInterfaceHasTheNetwork(
      String taken, String suggestion) {
    kernel.add("lo", "127.0.0.1/8");
    kernel.add("eth0", "192.168.0.1/24", taken);

    TunException refusal = refusal(Kind.ADDRESS_IN_USE);

    assertTrue(refusal.getMessage().contains(taken + ", which interface eth0"));
    assertTrue(refusal.getMessage().contains("--address " + suggestion), refusal.getMessage());
    assertEquals(List.of(), kernel.calls);
  }

  @Test
  void shouldNotMind_whenOtherNetworksAreNear() {
    kernel.add("eth0", "10.76.255.1/24", "10.77.1.1/24", "0.0.0.0/32");

    assertEquals(FakeKernel.TUN, TunDevice.open(kernel, config).fd());
  }

  @Test
  void shouldKnowItsOwnAddress_whenThatHasAnAliasLabel() {
    persistent();
    kernel.add("tunstack0:1", "10.77.0.1/24");

    TunDevice.open(kernel, config);

    assertEquals(List.of(), kernel.interfaces.get("tunstack0").addresses);
  }

  @ParameterizedTest
  @CsvSource({
    Errno.ENOENT + ", NO_TUN_DRIVER, mknod",
    Errno.ENODEV + ", NO_TUN_DRIVER, sudo modprobe tun",
    Errno.ENXIO + ", NO_TUN_DRIVER, sudo modprobe tun",
    Errno.EACCES + ", PERMISSION, chmod 0666",
    Errno.EPERM + ", PERMISSION, --device /dev/net/tun",
    Errno.EMFILE + ", FAILED, EMFILE"
  })
  void shouldTellWhatToDo_whenTheNodeCannotBeOpened(int errno, Kind kind, String advice) {
    kernel.openErrno = errno;

    TunException refusal = assertThrows(TunException.class, () -> TunDevice.open(kernel, config));

    assertEquals(kind, refusal.kind());
    assertTrue(refusal.getMessage().contains(advice), refusal.getMessage());
    assertEquals(List.of(FakeKernel.SOCKET), kernel.closed);
  }

  @ParameterizedTest
  @CsvSource({
    Errno.EPERM + ", PERMISSION, sudo ip tuntap add dev tunstack0 mode tun user $USER",
    Errno.EPERM + ", PERMISSION, --ambient-caps +net_admin",
    Errno.EBUSY + ", NAME_IN_USE, --tun tunstack1",
    Errno.EINVAL + ", NAME_IN_USE, --tun tunstack1",
    Errno.ENOMEM + ", FAILED, ENOMEM"
  })
  void shouldTellWhatToDo_whenTheDeviceIsRefused(int errno, Kind kind, String advice) {
    kernel.failingIoctls.put(TunDevice.TUNSETIFF, errno);

    assertTrue(refusal(kind).getMessage().contains(advice));
  }

  @Test
  void shouldSayWhoseItIs_whenThePersistentDeviceBelongsToSomebodyElse() {
    persistent();
    kernel.failingIoctls.put(TunDevice.TUNSETIFF, Errno.EPERM);

    String message = refusal(Kind.PERMISSION).getMessage();

    assertTrue(message.contains("belongs to somebody else"));
    assertTrue(message.contains("sudo ip tuntap del dev tunstack0 mode tun"));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        TunDevice.TUNSETOFFLOAD,
        TunDevice.TUNGETIFF,
        InterfaceControl.SIOCGIFMTU,
        InterfaceControl.SIOCGIFTXQLEN,
        InterfaceControl.SIOCGIFFLAGS,
        InterfaceControl.SIOCSIFMTU,
        InterfaceControl.SIOCSIFTXQLEN,
        InterfaceControl.SIOCSIFADDR,
        InterfaceControl.SIOCSIFNETMASK,
        InterfaceControl.SIOCSIFFLAGS
      })
  void shouldLeaveNothingOpen_whenAnyStepFails(int ioctl) {
    kernel.failingIoctls.put(ioctl, Errno.ENOMEM);

    assertTrue(refusal(Kind.FAILED).getMessage().contains("ENOMEM"));
  }

  @Test
  void shouldSayWhat_whenInterfacesCannotBeAsked() {
    kernel.failingIoctls.put(InterfaceControl.SIOCGIFCONF, Errno.ENOMEM);
    assertThrows(TunException.class, () -> TunDevice.open(kernel, config));
    assertEquals(List.of(FakeKernel.SOCKET), kernel.closed);

    kernel.socketErrno = Errno.EACCES;
    assertThrows(TunException.class, () -> TunDevice.open(kernel, config));
  }

  private FakeKernel.Interface persistent(String... addresses) {
    FakeKernel.Interface made = kernel.add("tunstack0", addresses);
    made.persistent = true;
    return made;
  }

  /** Opens in vain, and checks that every descriptor was closed that was opened. */
  private TunException refusal(Kind kind) {
    TunException refusal = assertThrows(TunException.class, () -> TunDevice.open(kernel, config));
    assertEquals(kind, refusal.kind(), refusal.getMessage());
    assertTrue(kernel.closed.contains(FakeKernel.SOCKET));
    assertEquals(
        kernel.calls.contains("open /dev/net/tun"), kernel.closed.contains(FakeKernel.TUN));
    return refusal;
  }

  private static String last(List<String> list) {
    return list.get(list.size() - 1);
  }
}
