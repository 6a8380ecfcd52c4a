package io.tunstack.sim;

/**
 * How far an exploration goes: what may happen at most on one path.
 *
 * @param simultaneous whether both open actively, each with its own SYN; else the server listens
 * @param timestamps whether both use them, and acknowledge the first segments at once: those are
 *     packets more, and many more interleavings
 * @param depth steps
 * @param calls of each side, the OPEN not among them
 * @param drops packets lost
 * @param duplicates packets doubled
 * @param swaps packets overtaken
 * @param ticks jumps to the next deadline
 */
record Bounds(
    boolean simultaneous,
    boolean timestamps,
    int depth,
    int calls,
    int drops,
    int duplicates,
    int swaps,
    int ticks) {}
