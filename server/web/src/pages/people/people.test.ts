import { describe, expect, it } from 'vitest';

import { consentField } from './consent-field';
import { bothRules, searchRule } from './search';
import { type Verdict, nested } from './tree';
import { typedValue } from './typed';

describe('a search', () => {
  it('looks for an id, and into all texts whatever is typed', () => {
    expect(searchRule('id', ['city', 'odd`name'], 'a"b.c')).toBe(
      '`id` is "a\\"b.c" or `city` matches "(?i)a\\"b\\\\.c" or `odd``name` matches "(?i)a\\"b\\\\.c"',
    );
  });
  it('is held with a rule where there is one', () => {
    expect(bothRules('a or b', 'c or d')).toBe('(a or b) and (c or d)');
    expect(bothRules(undefined, 'c')).toBe('c');
    expect(bothRules(undefined, undefined)).toBeUndefined();
  });
});

describe('what is said of a rule', () => {
  const node = (pointer: string): Verdict => ({ pointer, holds: true, kind: 'test' });
  it('is the tree that the rule is', () => {
    const [root] = nested(['', '/rules/0', '/rules/1', '/rules/1/rules/0', '/rules/10'].map(node));
    expect(root?.children.map((child) => child.node.pointer)).toEqual(['/rules/0', '/rules/1', '/rules/10']);
    expect(root?.children[1]?.children.map((child) => child.node.pointer)).toEqual(['/rules/1/rules/0']);
  });
  it('has the rule of a segment below the test that names it', () => {
    const [root] = nested(['', '/rules/0', '/rules/0/criteria', '/rules/0/criteria/rules/0'].map(node));
    expect(root?.children[0]?.children[0]?.children).toHaveLength(1);
  });
  it('may be one test alone', () => expect(nested([node('')])).toHaveLength(1));
});

describe('a typed value', () => {
  it.each([
    ['', 'keyword', null],
    ['yes', 'bool', true],
    ['maybe', 'bool', 'maybe'],
    ['12', 'int', 12],
    ['12.5', 'int', '12.5'],
    ['9007199254740993', 'int', '9007199254740993'],
    ['10.10', 'decimal(2)', '10.10'],
    ['1e3', 'float', 1000],
    ['rock, metal ,', 'keyword_set', ['rock', 'metal']],
    ['1, 2, x', 'int_set', [1, 2, 'x']],
  ])('%j as %s', (text, type, value) => expect(typedValue(text, type)).toEqual(value));
});

describe('consent can be given here', () => {
  const leaf = { field: 'email_consent', operator: '=', value: true };
  it('where it is one field that is true', () => {
    expect(consentField(leaf)).toBe('email_consent');
    expect(consentField({ match: 'all', rules: [leaf] })).toBe('email_consent');
  });
  it('and not where it is more, or the opposite', () => {
    expect(consentField({ match: 'none', rules: [leaf] })).toBeUndefined();
    expect(consentField({ match: 'all', rules: [leaf, leaf] })).toBeUndefined();
    expect(consentField({ ...leaf, value: false })).toBeUndefined();
    expect(consentField(null)).toBeUndefined();
  });
});
