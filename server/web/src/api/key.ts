// The key that requests carry, where the server asks for one. The only place that knows where it is kept: for as long as
// the tab is open, so that closing it signs out.

const KEPT_AS = 'muster.key';

/** The key somebody has signed in with. */
export function key(): string | null {
  return sessionStorage.getItem(KEPT_AS);
}

/** Signs in, or out with `null`. */
export function keep(next: string | null): void {
  if (next === null) sessionStorage.removeItem(KEPT_AS);
  else sessionStorage.setItem(KEPT_AS, next);
}
