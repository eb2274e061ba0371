// Whether consent to a channel is one field that is true, so that it can be given and taken back here.

interface Leaf {
  field?: unknown;
  operator?: unknown;
  value?: unknown;
  rules?: unknown;
  match?: unknown;
}

/** The field whose truth is the consent; none when it is more than that. */
export function consentField(consent: unknown): string | undefined {
  if (typeof consent !== 'object' || consent === null) return undefined;
  const { field, operator, value, rules, match } = consent as Leaf;
  if (Array.isArray(rules)) return rules.length === 1 && match !== 'none' ? consentField(rules[0]) : undefined;
  const isTruth = (operator === '=' || operator === 'is') && value === true;
  return isTruth && typeof field === 'string' ? field : undefined;
}
