// Numbers of rules, digit for digit. A number of the browser holds about 16 digits and forgets how it was written, so a
// rule that is opened and saved would ask something else. Whatever literal of a rule does not read back as it stands is
// kept as a text with a mark, and written as the number it is when the rule is sent. Everything between, drafts and
// undone steps included, is plain JSON.

/** Begins a kept literal: a character that Unicode keeps for the inside of programs, so no text from outside has it. */
const MARK = '\uFDD0';

const LITERAL = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** The strings, numbers and brackets of a JSON text; what is between them means nothing here. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[{}[\]:,]/g;

const RULE = '"criteria"';

const isKept = (value: unknown): value is string =>
  typeof value === 'string' && value.startsWith(MARK) && LITERAL.test(value.slice(MARK.length));

/** A literal as a value: a number, or kept digit for digit where a number would not read back as it stands. */
export const exactNumber = (literal: string): number | string => {
  const number = Number(literal);
  return String(number) === literal ? number : MARK + literal;
};

/** What people see of a value of a rule; nothing of none. */
export function printed(value: unknown): string {
  if (value === undefined || value === null) return '';
  return isKept(value) ? value.slice(MARK.length) : String(value);
}

/** JSON text whose rules keep their numbers as they stand: `"criteria"`, wherever it is, is a rule. */
export function keepingNumbers(text: string): string {
  if (!text.includes(RULE)) return text;
  let depth = 0;
  // The depth at which the rule began that is being read; none outside of rules.
  let since: number | null = null;
  let before = '';
  return text.replace(TOKENS, (token) => {
    const opens = token === '{' || token === '[';
    if (opens && since === null && before === `${RULE}:`) since = depth;
    if (opens) depth += 1;
    if (token === '}' || token === ']') {
      depth -= 1;
      if (depth === since) since = null;
    }
    before = token === ':' ? `${before}:` : token;
    const isNumber = since !== null && /^[-\d]/.test(token);
    return isNumber ? JSON.stringify(exactNumber(token)) : token;
  });
}

/** A value as JSON text, with kept numbers as the numbers they are. */
export function writtenExactly(value: unknown): string {
  const text = JSON.stringify(value);
  return text.includes(MARK) ? text.replace(TOKENS, (token) => (token.startsWith('"') ? unmarked(token) : token)) : text;
}

function unmarked(token: string): string {
  const text = token.slice(1, -1);
  return isKept(text) ? text.slice(MARK.length) : token;
}
