// Why a rule selects somebody, or does not: every test with the person's value, what would have to change, and when time does it.
import { Alert, List, Text, VisuallyHidden } from '@mantine/core';

import type { Schemas } from '../../api/client';
import { inWords } from '../../format/field';
import { dayAndTime, withTimes } from '../../format/time';
import { valueOf } from '../../format/value';
import { CheckSign, ClockSign, CrossSign } from '../../parts/icons';
import { useInWords } from '../../parts/in-words';
import { people as peopleTexts } from '../../texts/en/people';
import classes from './people.module.css';
import { type Branch, type Verdict, nested } from './tree';

export function Explained({ told }: { told: Schemas['ExplainedPersonAnswer'] }) {
  // Tests are told in words, once the fields are known.
  useInWords();
  const words = peopleTexts;
  return (
    <>
      <ul className={classes.tree}>
        {nested(told.nodes).map((branch) => (
          <Node key={branch.node.pointer} branch={branch} />
        ))}
      </ul>
      <Flip told={told} />
      <Text size="sm" c="dimmed" mt="sm" style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
        <ClockSign size={16} />
        {told.changes_at
          ? (told.in ? words.turnsOut : words.turnsIn)(dayAndTime(told.changes_at))
          : words.turnsNever}
      </Text>
    </>
  );
}

function Node({ branch: { node, children } }: { branch: Branch }) {
  const words = peopleTexts;
  const turn = (node.turns?.[0] ?? undefined) as { at: string; holds: boolean } | undefined;
  return (
    <li>
      <div className={classes.node}>
        <Sign holds={node.holds} />
        <div style={{ minWidth: 0 }}>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {named(node)}
          </Text>
          {node.words && (
            <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {withTimes(inWords(node.words))}
            </Text>
          )}
          {turn && (
            <Text size="xs" c="dimmed">
              {words.turn(dayAndTime(turn.at), turn.holds)}
            </Text>
          )}
        </div>
      </div>
      {children.length > 0 && (
        <ul>
          {children.map((child) => (
            <Node key={child.node.pointer} branch={child} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** Whether something holds: a sign that differs by more than its colour, and words for whoever does not see it. */
export function Sign({ holds, told }: { holds: boolean; told?: string }) {
  const words = peopleTexts;
  return (
    <span className={classes.sign} style={{ color: holds ? 'var(--good)' : 'var(--bad)' }}>
      {holds ? <CheckSign size={16} /> : <CrossSign size={16} />}
      <VisuallyHidden>{told ?? (holds ? words.holds : words.fails)}: </VisuallyHidden>
    </span>
  );
}

function named(node: Verdict): string {
  const words = peopleTexts;
  const { name = '' } = (node.segment ?? {}) as { name?: string };
  if (node.kind === 'group') return { all: words.all, any: words.any, none: words.noneOf }[node.match ?? 'all'] ?? words.all;
  if (node.kind === 'segment') return (node.operator === 'not_in' ? words.notInSegment : words.inSegment)(name);
  if (node.kind === 'lookalike') return words.similar(name, node.score ?? 0, node.at_least ?? 0);
  return node.text == null ? words.hiddenTest : inWords(node.text);
}

function Flip({ told }: { told: Schemas['ExplainedPersonAnswer'] }) {
  const words = peopleTexts;
  if (!told.flip) {
    return (
      <Text size="sm" c="dimmed" mt="sm">
        {words.noFlip}
      </Text>
    );
  }
  const { pointers, is_enough } = told.flip;
  const turned = told.nodes.filter((node) => pointers.includes(node.pointer));
  return (
    <Alert variant="default" mt="sm" title={told.in ? words.flipOut : words.flipIn}>
      <List size="sm">
        {turned.map((node) => (
          <List.Item key={node.pointer}>{node.remedy ? words.would(named(node), remedied(node)) : named(node)}</List.Item>
        ))}
      </List>
      {!is_enough && (
        <Text size="xs" c="dimmed" mt={6}>
          {words.notEnough}
        </Text>
      )}
    </Alert>
  );
}

function remedied(node: Verdict): string {
  const words = peopleTexts;
  const remedy = node.remedy as { kind: string; value?: string | number | boolean | (string | number)[] } | undefined | null;
  if (!remedy) return '';
  if (remedy.kind === 'value') return words.remedyValue(valueOf(remedy.value, typeOf(remedy.value), words));
  return words.remedy[remedy.kind] ?? remedy.kind;
}

/** Instants and days are texts in JSON; what field they are of is not said here. */
const typeOf = (value: unknown) => {
  if (typeof value !== 'string') return '';
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? 'time' : /^\d{4}-\d\d-\d\d$/.test(value) ? 'date' : '';
};
