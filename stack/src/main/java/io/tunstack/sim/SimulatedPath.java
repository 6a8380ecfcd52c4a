package io.tunstack.sim;

import io.tunstack.link.DelayLine;
import io.tunstack.link.Fate;
import io.tunstack.link.Impairment;
import io.tunstack.link.LinkProfile;
import java.util.List;

/** The way from one host to another; the way back is another path. */
public final class SimulatedPath {
  private final SimulatedHost from;
  private final SimulatedHost to;
  private final DelayLine line;

  SimulatedPath(SimulatedHost from, SimulatedHost to, Impairment impairment, long seed) {
    this.from = from;
    this.to = to;
    this.line = new DelayLine(impairment, seed);
  }

  /**
   * Returns who sends.
   *
   * @return the host at the beginning
   */
  public SimulatedHost from() {
    return from;
  }

  /**
   * Returns who receives.
   *
   * @return the host at the end
   */
  public SimulatedHost to() {
    return to;
  }

  /**
   * Changes what befalls packets that leave from now on.
   *
   * @param impairment replaces the simulation's
   */
  public void setImpairment(Impairment impairment) {
    line.setImpairment(impairment);
  }

  /**
   * Changes rate, queue and what befalls packets from now on.
   *
   * @param profile replaces what was set before, also by {@link #setImpairment}
   */
  public void setProfile(LinkProfile profile) {
    line.setProfile(profile);
  }

  /**
   * Says what becomes of the next packets, one after another; then the impairment decides again.
   *
   * @param fates replace what was scripted before and is not used up
   */
  public void script(List<Fate> fates) {
    line.script(fates);
  }

  /**
   * Cuts the path or mends it. A cut path loses what is sent; what is under way still arrives.
   *
   * @param up whether packets get through
   */
  public void setUp(boolean up) {
    line.setUp(up);
  }

  /**
   * Returns the packets under way, with counts of what befell them.
   *
   * @return live
   */
  public DelayLine line() {
    return line;
  }

  @Override
  public String toString() {
    return from.address() + " > " + to.address();
  }
}
