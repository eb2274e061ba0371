// Files that the server makes, saved by the browser.
import { key } from './key';
import { problemFrom, problemOf } from './problem';

function click(address: string, name: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
}

/** Saves text made here. */
export function saveText(text: string, name: string, type = 'text/csv;charset=utf-8'): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  click(address, name);
  // The browser has begun by the next turn; until then it needs the address.
  setTimeout(() => URL.revokeObjectURL(address), 1_000);
}

/**
 * Saves what the server answers under an address. Without a key the browser streams it to the disk itself; a key has to be
 * sent along, which a link cannot, so it goes through memory.
 */
export async function download(address: string, name: string): Promise<void> {
  const current = key();
  const headers: HeadersInit = current === null ? {} : { authorization: `Bearer ${current}` };
  if (current === null) return click(address, name);
  const answer = await fetch(address, { headers }).catch((thrown: unknown) => {
    throw problemFrom(thrown);
  });
  if (!answer.ok) throw problemOf(answer.status, await answer.json().catch(() => null));
  const made = URL.createObjectURL(await answer.blob());
  click(made, name);
  setTimeout(() => URL.revokeObjectURL(made), 1_000);
}
