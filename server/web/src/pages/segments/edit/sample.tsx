// Some of those a rule selects, with what the rule is about.
import { Text } from '@mantine/core';
import { memo } from 'react';

import type { Schemas } from '../../../api/client';
import { count } from '../../../format/number';
import { Panel } from '../../../parts/panel';
import { builder as builderTexts } from '../../../texts/en/builder';
import { readable } from '../rule/catalog';
import { type GroupNode, type TreeNode, isGroup } from '../rule/criteria';
import { kindOf } from '../rule/leaf';
import classes from './edit.module.css';

/** Fields shown of each. */
const FIELDS = 3;

/** Fields that a rule asks about, the first first. */
export function testedFields(root: GroupNode): string[] {
  const walk = (node: TreeNode): string[] => {
    if (isGroup(node)) return node.rules.flatMap(walk);
    return kindOf(node.value) === 'field' && node.value.field !== '' ? [String(node.value.field)] : [];
  };
  return [...new Set(walk(root))];
}

/** A value as people read it. */
export function toldValue(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? count(value) : String(value);
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'boolean') return value ? builderTexts.yes : builderTexts.no;
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? value.slice(0, 16).replace('T', ' ') : String(value);
}

/** What is told of somebody: what is asked about first. */
export function facts(member: Schemas['Member'], first: string[]): string {
  const fields = member.fields as Record<string, unknown>;
  const names = [...first, ...Object.keys(fields)].filter((name, i, all) => fields[name] !== undefined && all.indexOf(name) === i);
  return names
    .slice(0, FIELDS)
    .map((name) => `${readable(name)} ${toldValue(fields[name])}`)
    .join(' · ');
}

interface SampleProps {
  people: Schemas['Member'][];
  /** Fields that are told first. */
  first: string[];
}

export const Sample = memo(function Sample({ people, first }: SampleProps) {
  const words = builderTexts;
  return (
    <Panel title={words.sample} about={words.sampleHint}>
      {people.length === 0 && <Text c="dimmed">{words.noSample}</Text>}
      <ul className={classes.people}>
        {people.map((member) => (
          <li key={String(member.id)}>
            <b>{String(member.id)}</b>
            <span>{facts(member, first)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
});
