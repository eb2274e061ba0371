// What is done to the tree as a whole: a node at a path is added, moved, copied, changed or taken away, and all that is not
// on the way to it stays the same object.
import { type GroupNode, type Match, type TreeNode, isGroup, newId } from './criteria';

export type Path = number[];

/** The tree with the rules of the group at a path replaced; where there is none, the tree as it is. */
function within(root: GroupNode, path: Path, put: (rules: TreeNode[]) => TreeNode[]): GroupNode {
  const [first, ...rest] = path;
  if (first === undefined) return { ...root, rules: put(root.rules) };
  const node = root.rules[first];
  return node && isGroup(node) ? { ...root, rules: root.rules.with(first, within(node, rest, put)) } : root;
}

/** The same for the node at a path; given its neighbours and its place among them. */
const beside = (root: GroupNode, path: Path, put: (rules: TreeNode[], place: number) => TreeNode[]): GroupNode =>
  within(root, path.slice(0, -1), (rules) => put(rules, path.at(-1) ?? 0));

function changed(root: GroupNode, path: Path, change: (node: TreeNode) => TreeNode): GroupNode {
  if (path.length === 0) return change(root) as GroupNode;
  return beside(root, path, (rules, place) => rules.map((rule, i) => (i === place ? change(rule) : rule)));
}

/** Puts a node at the end of the group at a path. */
export const added = (root: GroupNode, node: TreeNode, path: Path): GroupNode => within(root, path, (rules) => [...rules, node]);

/** Takes away the node at a path. */
export const removed = (root: GroupNode, path: Path): GroupNode => beside(root, path, (rules, place) => rules.toSpliced(place, 1));

/** Turns a node off or on. */
export const muted = (root: GroupNode, isMuted: boolean, path: Path): GroupNode => changed(root, path, (node) => ({ ...node, muted: isMuted }));

/** Joins a group's rules otherwise. */
export const joined = (root: GroupNode, match: Match, path: Path): GroupNode =>
  changed(root, path, (node) => (isGroup(node) ? { ...node, combinator: match } : node));

/** Moves a node up or down among its neighbours. */
export const shifted = (root: GroupNode, path: Path, by: -1 | 1): GroupNode =>
  beside(root, path, (rules, place) => {
    const [node, other] = [rules[place], rules[place + by]];
    return node && other ? rules.with(place, other).with(place + by, node) : rules;
  });

/** Puts a copy behind a node, with ids of its own. */
export const copied = (root: GroupNode, path: Path): GroupNode =>
  beside(root, path, (rules, place) => rules.flatMap((rule, i) => (i === place ? [rule, renamed(rule)] : [rule])));

const renamed = (node: TreeNode): TreeNode => ({ ...node, id: newId(), ...(isGroup(node) ? { rules: node.rules.map(renamed) } : {}) });
