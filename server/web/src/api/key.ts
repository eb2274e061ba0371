// The key that requests carry, where the server asks for one. The only place that knows where it is kept: for as long as
// the tab is open, so that closing it signs out; or on this computer, when somebody asks for that.

const KEPT_AS = 'muster.key';

/** The key somebody has signed in with. */
export function key(): string | null {
  return sessionStorage.getItem(KEPT_AS) ?? localStorage.getItem(KEPT_AS);
}

/** Signs in, on this computer or for as long as the tab is open; or out with `null`. */
export function keep(next: string | null, onThisComputer = false): void {
  sessionStorage.removeItem(KEPT_AS);
  localStorage.removeItem(KEPT_AS);
  if (next !== null) (onThisComputer ? localStorage : sessionStorage).setItem(KEPT_AS, next);
}

const listeners = new Set<() => void>();

/** Tells whoever wants to know that the server no longer takes the key. */
export function refuse(): void {
  listeners.forEach((listener) => listener());
}

/** Has something done whenever the server does not take the key; what is returned ends that. */
export function whenRefused(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
