// The rule: as a tree, as text, as a number, and as some of those who are in.
import { Card } from '@mantine/core';
import { Suspense, lazy, useCallback, useMemo } from 'react';

import { Panel } from '../../../parts/panel';
import { builder as builderTexts } from '../../../texts/en/builder';
import type { Catalog } from '../rule/catalog';
import { type GroupNode, type TreeNode, fromCriteria, isGroup } from '../rule/criteria';
import { RuleBuilder } from '../rule/builder';
import type { Json } from '../rule/leaf';
import type { Counting } from './counting';
import { type Writing, placeOf } from './draft';
import classes from './edit.module.css';
import { Findings } from './findings';
import { Sample, testedFields } from './sample';
import { Size } from './size';
import { Prompt } from './start';
import { TextForm } from './text-form';

const Templates = lazy(() => import('./templates').then(({ Templates }) => ({ default: Templates })));

/** Parts that are off, those within them not counted again. */
function mutedParts(node: TreeNode): number {
  if (node.muted) return 1;
  return isGroup(node) ? node.rules.reduce((sum, rule) => sum + mutedParts(rule), 0) : 0;
}

interface RuleTabProps {
  catalog: Catalog;
  writing: Writing;
  counting: Counting;
  segment: number | null;
}

export function RuleTab({ catalog, writing, counting, segment }: RuleTabProps) {
  const { draft, change } = writing;
  const { root } = draft;
  // Keys at one place soon after each other are one step back.
  const changeRoot = useCallback(
    (put: (root: GroupNode) => GroupNode) =>
      change(
        (before) => {
          const next = put(before.root);
          return next === before.root ? before : { ...before, root: next };
        },
        (before, after) => placeOf(before.root, after.root),
      ),
    [change],
  );
  const typed = useCallback(
    (criteria: Json) => change((before) => ({ ...before, root: fromCriteria(criteria, before.root) }), 'text'),
    [change],
  );
  const begin = useCallback((criteria: Json) => changeRoot((before) => fromCriteria(criteria, before)), [changeRoot]);
  // The same array as long as the rule asks about the same fields.
  const tested = testedFields(root).join('\n');
  const first = useMemo(() => tested.split('\n'), [tested]);
  const muted = mutedParts(root);
  const isEmpty = root.rules.length === 0;
  return (
    <div className={classes.columns}>
      <div className={classes.size}>
        <Size counting={counting} population={catalog.population} muted={muted} />
      </div>
      <div className={classes.tree}>
        <Card p="md">
          <Prompt onRule={begin} onUndo={writing.undo} />
        </Card>
        {isEmpty && segment === null && (
          <Suspense>
            <Templates onRule={begin} />
          </Suspense>
        )}
        <Panel title={builderTexts.root}>
          <RuleBuilder
            catalog={catalog}
            counts={counting.counts}
            total={counting.answer?.count}
            mistakes={counting.mistakes}
            root={root}
            change={changeRoot}
          />
        </Panel>
      </div>
      <div className={classes.side}>
        <Findings segment={segment} written={counting.written} rule={counting.key} onChange={changeRoot} />
        <TextForm
          text={counting.criteria === null ? '' : (counting.answer?.text ?? '')}
          onRule={typed}
          isPart={muted > 0 || counting.written.unfinished.length > 0}
        />
        {counting.answer && counting.criteria !== null && !counting.problem && (
          <Sample people={counting.answer.sample} first={first} />
        )}
      </div>
    </div>
  );
}
