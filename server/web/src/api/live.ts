// How often what is shown live is asked for.

/** Milliseconds between two looks at sizes; not while the tab is hidden. */
export const LIVE_MS = 5_000;
