// What can be done to a node as a whole: off and on, and behind "more" all that is rarer.
import { ActionIcon, Menu } from '@mantine/core';

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

/** Moves a node among its neighbours and keeps the cursor in it. */
export function shift(change: Builder['change'], node: TreeNode, path: number[], by: -1 | 1): void {
  change((root) => shifted(root, path, by));
  focusNode(node.id);
}

export function Actions({ node, path, name, isFirst, isLast }: ActionsProps) {
  const words = builderTexts.actions;
  const { put, change } = useBuilder();
  const isMuted = node.muted === true;
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
          <Menu.Item leftSection={<GroupSign size={15} />} onClick={() => put(node.id, (one) => newGroup('all', [one]))}>
            {words.wrap}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ActionIcon variant="subtle" color="gray" size={28} aria-label={`${words.remove}: ${name}`} onClick={() => change((root) => removed(root, path))}>
        <TrashSign size={16} />
      </ActionIcon>
    </span>
  );
}

/** A rule about nothing yet. */
export const emptyRule = () => newRule({ field: '' });
