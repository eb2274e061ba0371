// What is done to the tree as a whole, by react-querybuilder's own functions: a node at a path is added, moved, copied,
// changed or taken away, and all that is not on the way to it stays the same object.
import { type RuleGroupType, type RuleType, add, move, remove, update } from 'react-querybuilder';

import { type GroupNode, type Match, type TreeNode, newId } from './criteria';

// react-querybuilder knows more of a query than is used here, and less of what lies in a value.
const query = (root: GroupNode) => root as unknown as RuleGroupType;
const tree = (changed: RuleGroupType) => changed as unknown as GroupNode;

export type Path = number[];

/** Puts a node at the end of the group at a path. */
export const added = (root: GroupNode, node: TreeNode, path: Path): GroupNode =>
  tree(add(query(root), node as unknown as RuleType, path));

/** Takes away the node at a path. */
export const removed = (root: GroupNode, path: Path): GroupNode => tree(remove(query(root), path));

/** Turns a node off or on. */
export const muted = (root: GroupNode, isMuted: boolean, path: Path): GroupNode =>
  tree(update(query(root), 'muted', isMuted, path));

/** Joins a group's rules otherwise. */
export const joined = (root: GroupNode, match: Match, path: Path): GroupNode =>
  tree(update(query(root), 'combinator', match, path));

/** Moves a node up or down among its neighbours. */
export function shifted(root: GroupNode, path: Path, by: -1 | 1): GroupNode {
  const last = path.at(-1) ?? 0;
  return tree(move(query(root), path, [...path.slice(0, -1), by === 1 ? last + 2 : last - 1]));
}

/** Puts a copy behind a node, with ids of its own. */
export const copied = (root: GroupNode, path: Path): GroupNode =>
  tree(move(query(root), path, [...path.slice(0, -1), (path.at(-1) ?? 0) + 1], { clone: true, idGenerator: newId }));
