// Refusals in words: what the server said was wrong, all of it, or why it could not be asked.
import { inWords } from '../format/field';
import { problem as problemTexts } from '../texts/en/problem';
import type { components } from './schema.gen';

export type Mistake = components['schemas']['Mistake'];
export type UsedBy = components['schemas']['UserAnswer'];

/** A request that was not answered as wished. `message` is a sentence for people. */
export class Problem extends Error {
  override name = 'Problem';

  constructor(
    message: string,
    /** The HTTP status; 0 when the server could not be reached. */
    readonly status: number,
    /** Every mistake the server found, each with its place in the request. */
    readonly mistakes: Mistake[] = [],
    /** With a 5xx: what to name when asking about it. */
    readonly requestId: string | null = null,
    /** With a 409 because something is used: who uses it. */
    readonly usedBy: UsedBy[] = [],
  ) {
    super(message);
  }

  /** The sentence, with fields called as people know them; as it is where it is about a text in which they are written so. */
  get said(): string {
    return this.mistakes.some(isOfText) ? this.message : inWords(this.message);
  }

  /** Whether asking again may help: the server is busy or away. */
  get mayPass(): boolean {
    return this.status === 0 || this.status === 503;
  }

  /** The mistakes at a place and below it. */
  at(pointer: string): Mistake[] {
    return this.mistakes.filter((one) => one.pointer === pointer || one.pointer.startsWith(`${pointer}/`));
  }
}

const isOfText = (one: Mistake): boolean => one.line != null;

/** What one mistake says, as `Problem.said`. */
export const saidOf = (one: Mistake): string => (isOfText(one) ? one.message : inWords(one.message));

/** The nearest name or value, where a mistake does not say it itself. */
export function suggestedBy(one: Mistake): string | undefined {
  const [nearest] = one.suggestions;
  return nearest === undefined || one.message.includes(nearest) ? undefined : isOfText(one) ? nearest : inWords(`"${nearest}"`);
}

/** What an answer that is no success says; `body` is what came, whatever it is. */
export function problemOf(status: number, body: unknown): Problem {
  if (!isProblemDetails(body)) return new Problem(problemTexts.unexpected(status), status);
  const message = status >= 500 ? problemTexts.server : body.detail || body.title;
  return new Problem(message, status, body.errors ?? [], body.request_id ?? null, body.used_by ?? []);
}

/** Anything that was thrown, in words. */
export function problemFrom(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof TypeError) return new Problem(problemTexts.unreachable, 0);
  return new Problem(thrown instanceof Error ? thrown.message : String(thrown), 0);
}

function isProblemDetails(body: unknown): body is components['schemas']['ProblemDetails'] {
  return typeof body === 'object' && body !== null && 'detail' in body && 'status' in body;
}
