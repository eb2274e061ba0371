// Names of fields as people read them.

/** What is written in capitals wherever it stands. */
const CAPITALS = /\b(?:crm|ltv|nps|rfm|sku|sms|url|utm|vip)\b/gi;

const spelt = (words: string): string => words.replace(CAPITALS, (word) => word.toUpperCase());

/** A field's name in words: total_spent is Total spent, and sms_consent is SMS consent. */
export function readable(name: string): string {
  const words = name.replace(/[_.]+/g, ' ').trim();
  return spelt(words.charAt(0).toUpperCase() + words.slice(1));
}

/** The fields there are. */
let known: ReadonlySet<string> = new Set();

/** Says which fields there are, for `inWords`. */
export function knowFields(names: string[]): void {
  known = new Set(names);
}

/** What is quoted, and what is written as no word of a language is: total_spent. */
const NAMES = /"([^"\s]+)"|\b[a-z][a-z0-9]*(?:[_.][a-z0-9]+)+\b/gi;

/** A sentence of the server with fields called as people know them: “Total spent” for "total_spent". What is no field stays. */
export const inWords = (sentence: string): string =>
  sentence.replace(NAMES, (written: string, quoted?: string) => {
    const name = quoted ?? written;
    if (!known.has(name)) return written;
    return quoted === undefined ? spelt(readable(name).toLowerCase()) : `“${readable(name)}”`;
  });
