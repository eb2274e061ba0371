// What can be done to a node as a whole: off and on, and behind "more" all that is rarer.
import { ActionIcon, Menu } from '@mantine/core';
import type { KeyboardEvent } from 'react';

import { CopySign, DownSign, EyeOffSign, EyeSign, GroupSign, MoreSign, TrashSign, TurnSign, UpSign } from '../../../parts/builder-icons';
import { builder as builderTexts } from '../../../texts/en/builder';
import classes from './builder.module.css';
import { type Builder, focusNode, useBuilder } from './context';
import { type TreeNode, isGroup, newGroup, newRule, turned } from './criteria';
import { negated } from './leaf';
import { copied, muted, removed, shifted } from './tree';

interface ActionsProps {
  node: TreeNode;
  path: number[];
  /** How it is called, for whoever cannot see it: Rule 2.1. */
  name: string;
  isFirst: boolean;
  isLast: boolean;
}

/** Moves a node among its neighbours by Alt and an arrow, where the cursor is in it and in no node within it. */
export function pressed(event: KeyboardEvent, change: Builder['change'], node: TreeNode, place: { path: number[]; isFirst: boolean; isLast: boolean }): void {
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key] as -1 | 1 | undefined;
  const isHere = event.target instanceof Element && event.target.closest('[data-node]') === event.currentTarget;
  if (!event.altKey || by === undefined || !isHere) return;
  if (by < 0 ? place.isFirst : place.isLast) return;
  event.preventDefault();
  shift(change, node, place.path, by);
}

/** Moves a node among its neighbours and keeps the cursor in it. */
export function shift(change: Builder['change'], node: TreeNode, path: number[], by: -1 | 1): void {
  change((root) => shifted(root, path, by));
  focusNode(node.id);
}

/** The node that comes into the place of one that is taken away: the next, else the one before, else the group around it. */
export function heirOf(id: string): string | undefined {
  const node = document.querySelector(`[data-node="${CSS.escape(id)}"]`);
  const near = [node?.nextElementSibling, node?.previousElementSibling, node?.parentElement?.closest('[data-node]')];
  return near.map((one) => one?.getAttribute('data-node')).find((one) => one != null) ?? undefined;
}

export function Actions({ node, path, name, isFirst, isLast }: ActionsProps) {
  const words = builderTexts.actions;
  const { put, change } = useBuilder();
  const isMuted = node.muted === true;
  // The cursor goes on in what takes its place; without that it would be nowhere.
  const remove = () => {
    const heir = heirOf(node.id);
    change((root) => removed(root, path));
    if (heir !== undefined) focusNode(heir, 'button');
  };
  const wrap = () => {
    put(node.id, (one) => newGroup('all', [one]));
    focusNode(node.id);
  };
  const turn = (one: TreeNode) => (isGroup(one) ? turned(one, null) : turned(one, negated(one.value)));
  return (
    <span className={classes.buttons}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={28}
        aria-label={`${isMuted ? words.unmute : words.mute}: ${name}`}
        aria-pressed={isMuted}
        onClick={() => change((root) => muted(root, !isMuted, path))}
      >
        {isMuted ? <EyeOffSign size={16} /> : <EyeSign size={16} />}
      </ActionIcon>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={28} aria-label={builderTexts.actionsOf(name)}>
            <MoreSign size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<UpSign size={15} />} disabled={isFirst} onClick={() => shift(change, node, path, -1)}>
            {words.up}
          </Menu.Item>
          <Menu.Item leftSection={<DownSign size={15} />} disabled={isLast} onClick={() => shift(change, node, path, 1)}>
            {words.down}
          </Menu.Item>
          <Menu.Item leftSection={<CopySign size={15} />} onClick={() => change((root) => copied(root, path))}>
            {words.copy}
          </Menu.Item>
          <Menu.Item leftSection={<TurnSign size={15} />} onClick={() => put(node.id, turn)}>
            {words.negate}
          </Menu.Item>
          <Menu.Item leftSection={<GroupSign size={15} />} onClick={wrap}>
            {words.wrap}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ActionIcon variant="subtle" color="gray" size={28} aria-label={`${words.remove}: ${name}`} onClick={remove}>
        <TrashSign size={16} />
      </ActionIcon>
    </span>
  );
}

/** A rule about nothing yet. */
export const emptyRule = () => newRule({ field: '' });
