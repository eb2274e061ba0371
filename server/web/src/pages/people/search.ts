// What somebody typed into the search of people, as a rule in text form.

/** A text in quotes, as rules have it. */
export const quoted = (text: string) => `"${text.replace(/["\\]/g, (c) => `\\${c}`)}"`;

/** The name of a field, whatever it has in it. */
export const named = (name: string) => `\`${name.replaceAll('`', '``')}\``;

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, (c) => `\\${c}`);

/** Selects whoever has this id, or has this text somewhere in one of the fields, in capitals or not. */
export function searchRule(id: string, fields: string[], typed: string): string {
  const tests = fields.map((field) => `${named(field)} matches ${quoted(`(?i)${escaped(typed)}`)}`);
  return [`${named(id)} is ${quoted(typed)}`, ...tests].join(' or ');
}

/** Both, where there are both; nothing selects everybody. */
export function bothRules(search: string | undefined, rule: string | undefined): string | undefined {
  if (search && rule) return `(${search}) and (${rule})`;
  return search ?? rule;
}
