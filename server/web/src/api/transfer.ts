// Files to the server and from it: with progress, with the key, and refusals as `Problem`.
import { key, refuse } from './key';
import { Problem, problemOf } from './problem';
import { problem as problemTexts } from '../texts/en/problem';

const signed = (): Record<string, string> => {
  const current = key();
  return current === null ? {} : { authorization: `Bearer ${current}` };
};

const read = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** What stopped a request before it was answered because somebody wanted it to. */
export class Stopped extends Error {}

interface Upload {
  path: string;
  body: Blob;
  type: string;
  /** Told how many bytes have left; all of them once the server has begun to work on them. */
  onSent: (bytes: number) => void;
  signal: AbortSignal;
}

/** Sends a file, and answers with what the server says. `fetch` tells nobody how far it is; this does. */
export function upload<T>({ path, body, type, onSent, signal }: Upload): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    Object.entries({ ...signed(), 'content-type': type }).forEach(([name, value]) => request.setRequestHeader(name, value));
    request.upload.onprogress = (event) => onSent(event.loaded);
    request.onload = () => {
      const answer = read(request.responseText);
      if (request.status === 401) refuse();
      if (request.status >= 200 && request.status < 300) resolve(answer as T);
      else reject(problemOf(request.status, answer));
    };
    request.onerror = () => reject(new Problem(problemTexts.unreachable, 0));
    request.onabort = () => reject(new Stopped());
    signal.addEventListener('abort', () => request.abort());
    request.send(body);
  });
}

/** Fetches what the server has and gives it to the browser to keep. */
export async function save(path: string, name: string, accept: string): Promise<void> {
  const answer = await fetch(path, { headers: { ...signed(), accept } });
  if (!answer.ok) throw problemOf(answer.status, read(await answer.text()));
  keepFile(await answer.blob(), name);
}

/** Gives a file to the browser to keep. */
export function keepFile(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
