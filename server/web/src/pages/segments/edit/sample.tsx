// Some of those a rule selects, with what the rule is about.
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { memo } from 'react';

import type { Schemas } from '../../../api/client';
import { schema } from '../../../api/overview';
import { NAME_FIELDS, personName } from '../../../api/person-name';
import { readable } from '../../../format/field';
import { type Told, valueOf } from '../../../format/value';
import { Panel } from '../../../parts/panel';
import { builder as builderTexts } from '../../../texts/en/builder';
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

interface SomebodyProps {
  member: Schemas['Member'];
  /** Fields that are told first. */
  first: string[];
}

/** Somebody by name, with what is asked about. */
export function Somebody({ member, first }: SomebodyProps) {
  const types = new Map(useQuery(schema).data?.fields.map((field) => [field.name, field.type]));
  const fields = member.fields as Record<string, Told>;
  const names = [...new Set([...first, ...Object.keys(fields).filter((name) => !NAME_FIELDS.includes(name))])];
  const told = names
    .filter((name) => fields[name] !== undefined)
    .slice(0, FIELDS)
    .map((name) => `${readable(name)} ${valueOf(fields[name], types.get(name) ?? '', builderTexts)}`);
  return (
    <li>
      <b>{personName(member).name}</b>
      <span>
        {told.map((text, i) => (
          // The sign that parts two stays with the first of them.
          <span key={text}>
            {text}
            {i < told.length - 1 && '\u00a0· '}
          </span>
        ))}
      </span>
    </li>
  );
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
          <Somebody key={String(member.id)} member={member} first={first} />
        ))}
      </ul>
    </Panel>
  );
});
