// A group of rules, and how it joins them.
import { Button, SegmentedControl, Text } from '@mantine/core';
import { memo } from 'react';

import { PlusSign } from '../../../parts/icons';
import { builder as builderTexts } from '../../../texts/en/builder';
import { Actions, emptyRule, pressed } from './actions';
import classes from './builder.module.css';
import { type Standing, focusNode, isDrawnAlike, placeOfPath, useBuilder } from './context';
import { Counts } from './counts';
import { type GroupNode, type Match, isGroup, newGroup } from './criteria';
import { RuleView } from './rule';
import { added, joined } from './tree';

const MATCHES = ['all', 'any', 'none'];

/** Drawn anew only when something within it has changed. */
export const GroupView = memo(DrawnGroup, isDrawnAlike);

function DrawnGroup({ node, path, isOff, isFirst, isLast }: Standing<GroupNode>) {
  const { change } = useBuilder();
  const words = builderTexts;
  const place = placeOfPath(path);
  const isRoot = path.length === 0;
  const isMuted = node.muted === true || isOff;
  const addRule = () => {
    const rule = emptyRule();
    change((root) => added(root, rule, path));
    focusNode(rule.id, 'input');
  };
  const addGroup = () => {
    const rule = emptyRule();
    change((root) => added(root, newGroup('any', [rule]), path));
    focusNode(rule.id, 'input');
  };
  return (
    <div
      className={classes.group}
      role="group"
      aria-label={words.group(place)}
      data-node={node.id}
      data-depth={path.length}
      data-odd={path.length % 2 === 1 || undefined}
      data-muted={isMuted || undefined}
      onKeyDown={isRoot ? undefined : (event) => pressed(event, change, node, { path, isFirst, isLast })}
    >
      <div className={classes.row}>
        <div className={classes.head}>
          <SegmentedControl
            data-first
            className={classes.join}
            size="xs"
            aria-label={words.matchLabel(words.group(place))}
            data={MATCHES.map((value) => ({ value, label: words.matches[value] ?? value }))}
            value={node.combinator}
            onChange={(match) => change((root) => joined(root, match as Match, path))}
          />
          <Text size="sm" c="dimmed">
            {words.matchAbout[node.combinator]}
          </Text>
          <span className={classes.grow} />
          {(!isRoot || node.rules.length > 1) && <Counts id={node.id} isMuted={isMuted} isRoot={isRoot} />}
        </div>
        {!isRoot && (
          <Actions
            node={node}
            path={path}
            name={words.group(place)}
            isFirst={isFirst}
            isLast={isLast}
          />
        )}
      </div>
      {node.rules.length === 0 && (
        <Text size="sm" c="dimmed" py="xs">
          {words.empty}
        </Text>
      )}
      {node.rules.length > 0 && (
        <div className={classes.body}>
          {node.rules.map((one, i) => {
            const place = { path: [...path, i], isOff: isMuted, isFirst: i === 0, isLast: i === node.rules.length - 1 };
            return isGroup(one) ? (
              <GroupView key={one.id} {...place} node={one} />
            ) : (
              <RuleView key={one.id} {...place} node={one} />
            );
          })}
        </div>
      )}
      <div className={classes.foot}>
        <Button size="compact-sm" variant="subtle" leftSection={<PlusSign size={14} />} onClick={addRule} aria-label={words.addTo(words.addRule, place)}>
          {words.addRule}
        </Button>
        <Button size="compact-sm" variant="subtle" leftSection={<PlusSign size={14} />} onClick={addGroup} aria-label={words.addTo(words.addGroup, place)}>
          {words.addGroup}
        </Button>
      </div>
    </div>
  );
}
