// A single test of a rule, as the server has it. Whatever keys it has are kept: only what somebody changes is changed.

export type Json = null | boolean | number | string | undefined | Json[] | { [key: string]: Json };

/** A test, whole: `{field, operator, value}`, `{event, ...}`, `{segment, operator}`, or something this page does not know. */
export type Leaf = { [key: string]: Json };

export type LeafKind = 'field' | 'event' | 'segment' | 'unknown';

/** What a value looks like beside an operator. */
export type Shape = 'none' | 'one' | 'many' | 'pair' | 'days';

export const SHAPES: Record<string, Shape> = {
  '=': 'one',
  '!=': 'one',
  '<': 'one',
  '<=': 'one',
  '>': 'one',
  '>=': 'one',
  between: 'pair',
  is: 'one',
  is_not: 'one',
  in: 'many',
  not_in: 'many',
  starts_with: 'one',
  ends_with: 'one',
  contains: 'one',
  not_contains: 'one',
  matches: 'one',
  includes: 'many',
  includes_all: 'many',
  excludes: 'many',
  within_days: 'days',
  before_days: 'days',
  in_next_days: 'days',
  exists: 'none',
  not_exists: 'none',
};

/** Operators that are each other's exact complement over everybody. */
const COMPLEMENTS: [string, string][] = [
  ['=', '!='],
  ['is', 'is_not'],
  ['in', 'not_in'],
  ['contains', 'not_contains'],
  ['includes', 'excludes'],
  ['exists', 'not_exists'],
];

export const isObject = (value: Json): value is Leaf =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function kindOf(leaf: Leaf): LeafKind {
  if (typeof leaf.event === 'string') return 'event';
  if (typeof leaf.segment === 'string' || typeof leaf.segment === 'number') return 'segment';
  return typeof leaf.field === 'string' ? 'field' : 'unknown';
}

/** Whether a value is there, as the operator wants it. */
function isValued(operator: Json, value: Json): boolean {
  const shape = SHAPES[String(operator)];
  if (shape === undefined) return true;
  if (shape === 'none') return true;
  if (value === undefined || value === null) return false;
  if (shape === 'pair') return Array.isArray(value) && value.length === 2 && value.every((end) => end !== undefined && end !== null);
  return !Array.isArray(value) || value.length > 0;
}

const isTested = (test: Json): boolean =>
  !isObject(test) || (test.field !== '' && isValued(test.operator, test.value));

/** Whether a test says all it has to say; one that does not is not counted yet. */
export function isFinished(leaf: Leaf): boolean {
  switch (kindOf(leaf)) {
    case 'field':
      return isTested(leaf);
    case 'segment':
      return leaf.segment !== '';
    case 'event':
      return isFinishedEvent(leaf);
    case 'unknown':
      return true;
  }
}

const MEASURED = ['sum', 'average', 'min', 'max'];

function isFinishedEvent(leaf: Leaf): boolean {
  const conditions = (part: Leaf) => (Array.isArray(part.where) ? part.where : []).every(isTested);
  const follower = (part: Json) => !isObject(part) || (part.event !== '' && conditions(part));
  return (
    leaf.event !== '' &&
    (leaf.operator === undefined || isValued(leaf.operator, leaf.value)) &&
    (!MEASURED.includes(String(leaf.measure)) || Boolean(leaf.of)) &&
    (!Array.isArray(leaf.between) || leaf.between.every((end) => Boolean(end))) &&
    conditions(leaf) &&
    follower(leaf.then) &&
    follower(leaf.not_followed_by)
  );
}

/** The test that holds for exactly the others; none where it takes a group. */
export function negated(leaf: Leaf): Leaf | null {
  if (kindOf(leaf) === 'event') return null;
  const pair = COMPLEMENTS.find((both) => both.includes(String(leaf.operator)));
  if (!pair) return null;
  return { ...leaf, operator: pair[0] === leaf.operator ? pair[1] : pair[0] };
}

/** The test with another operator, and as much of its value as fits. */
export function withOperator(leaf: Leaf, operator: string): Leaf {
  const { value, ...rest } = leaf;
  const [from, to] = [SHAPES[String(leaf.operator)] ?? 'one', SHAPES[operator] ?? 'one'];
  const first = Array.isArray(value) ? value[0] : value;
  const fitted: Record<Shape, Json> = {
    none: undefined,
    days: 30,
    one: from === 'days' ? undefined : first,
    many: from === 'days' || first === undefined || first === null ? undefined : [first],
    pair: from === 'days' ? undefined : [first ?? null, null],
  };
  const next = from === to ? value : fitted[to];
  return next === undefined ? { ...rest, operator } : { ...rest, operator, value: next };
}

/** The test with another value; without one when it is `undefined`. */
export function withKey(leaf: Leaf, key: string, value: Json): Leaf {
  const { [key]: _, ...rest } = leaf;
  return value === undefined ? rest : { ...leaf, [key]: value };
}

/** What a field of a type is asked first. */
export function firstTest(field: string, type: string): Leaf {
  if (type === 'bool') return { field, operator: 'is', value: true };
  if (type === 'time' || type === 'date') return { field, operator: 'within_days', value: 30 };
  if (type === 'keyword_set' || type === 'int_set') return { field, operator: 'includes' };
  if (type === 'keyword' || type === 'id') return { field, operator: 'in' };
  return { field, operator: '>=' };
}
