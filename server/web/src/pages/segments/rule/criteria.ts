// A rule as the server has it, and as the page edits it: back and forth without loss. Every node has an id of
// its own while it is edited; a test lies whole in the `value` of its rule.
import { type Json, type Leaf, isFinished, isObject } from './leaf';

export type Match = 'all' | 'any' | 'none';

export interface RuleNode {
  id: string;
  value: Leaf;
  muted?: boolean;
}

export interface GroupNode {
  id: string;
  combinator: Match;
  rules: TreeNode[];
  muted?: boolean;
  /** Keys of the group that this page does not know. */
  extra?: Leaf;
}

export type TreeNode = GroupNode | RuleNode;

export const isGroup = (node: TreeNode): node is GroupNode => 'rules' in node;

let lastId = 0;
/** A name for a node, new as long as the page is open and unlikely to be in any draft. */
export const newId = (): string => `n${Date.now().toString(36)}-${(lastId += 1).toString(36)}`;

export const newGroup = (combinator: Match = 'all', rules: TreeNode[] = []): GroupNode => ({ id: newId(), combinator, rules });

/** A test as a node. */
export const newRule = (leaf: Leaf, id: string = newId()): RuleNode => ({ id, value: leaf });

const MATCHES = ['all', 'any', 'none'];

function isCriteriaGroup(criteria: Json): criteria is Leaf & { match: Match; rules: Json[] } {
  return isObject(criteria) && Array.isArray(criteria.rules) && MATCHES.includes(String(criteria.match));
}

/** A rule as a tree. Nodes keep the ids that `before` has at their places, so that what is on the screen stays. */
export function fromCriteria(criteria: Json, before?: TreeNode): GroupNode {
  if (isCriteriaGroup(criteria)) return groupFrom(criteria, before);
  const only = before && isGroup(before) ? before.rules[0] : undefined;
  return { id: before?.id ?? newId(), combinator: 'all', rules: criteria === null ? [] : [nodeFrom(criteria, only)] };
}

function nodeFrom(criteria: Json, before: TreeNode | undefined): TreeNode {
  if (isCriteriaGroup(criteria)) return groupFrom(criteria, before && isGroup(before) ? before : undefined);
  const leaf = isObject(criteria) ? criteria : { unknown: criteria };
  return newRule(leaf, before && !isGroup(before) ? before.id : undefined);
}

function groupFrom(criteria: Leaf & { match: Match; rules: Json[] }, before: TreeNode | undefined): GroupNode {
  const { match, rules, ...extra } = criteria;
  const places = before && isGroup(before) ? before.rules : [];
  const group: GroupNode = {
    id: before?.id ?? newId(),
    combinator: match,
    rules: rules.map((rule, i) => nodeFrom(rule, places[i])),
  };
  return Object.keys(extra).length > 0 ? { ...group, extra } : group;
}

export interface Written {
  /** What is sent; none when nothing is left to say. */
  criteria: Leaf | null;
  /** Which nodes stand at a JSON pointer; a group that came down to its only rule stands where that does. */
  ids: Map<string, string[]>;
  /** Tests that do not say all yet and are left out. */
  unfinished: string[];
}

/** A tree as a rule, without what is muted or not finished. */
export function toCriteria(root: GroupNode): Written {
  const unfinished: string[] = [];
  const kept = prune(root, unfinished) as GroupNode | null;
  const ids = new Map<string, string[]>();
  if (kept === null) return { criteria: null, ids, unfinished };
  const only = kept.rules.length === 1 && kept.combinator !== 'none' && !kept.extra ? kept.rules[0] : undefined;
  const criteria = write(only ?? kept, '', ids);
  if (only) ids.set('', [...(ids.get('') ?? []), kept.id]);
  return { criteria, ids, unfinished };
}

function prune(node: TreeNode, unfinished: string[]): TreeNode | null {
  if (node.muted) return null;
  if (!isGroup(node)) {
    if (isFinished(node.value)) return node;
    unfinished.push(node.id);
    return null;
  }
  const rules = node.rules.map((rule) => prune(rule, unfinished)).filter((rule) => rule !== null);
  return rules.length > 0 ? { ...node, rules } : null;
}

function write(node: TreeNode, pointer: string, ids: Map<string, string[]>): Leaf {
  ids.set(pointer, [node.id]);
  if (!isGroup(node)) return node.value;
  const rules = node.rules.map((rule, i) => write(rule, `${pointer}/rules/${i}`, ids));
  return { match: node.combinator, rules, ...node.extra };
}

/** The node of an id, and the way to it. */
export function find(root: GroupNode, id: string): { node: TreeNode; path: number[] } | null {
  const look = (node: TreeNode, path: number[]): { node: TreeNode; path: number[] } | null => {
    if (node.id === id) return { node, path };
    if (!isGroup(node)) return null;
    for (const [i, rule] of node.rules.entries()) {
      const found = look(rule, [...path, i]);
      if (found) return found;
    }
    return null;
  };
  return look(root, []);
}

/** The tree with a node replaced, or without it. */
export function replaced(root: GroupNode, id: string, put: (node: TreeNode) => TreeNode | null): GroupNode {
  const walk = (node: TreeNode): TreeNode | null => {
    if (node.id === id) return put(node);
    if (!isGroup(node)) return node;
    const rules = node.rules.map(walk);
    return rules.every((rule, i) => rule === node.rules[i])
      ? node
      : { ...node, rules: rules.filter((rule) => rule !== null) };
  };
  const next = walk(root);
  return next !== null && isGroup(next) ? next : newGroup(root.combinator, next === null ? [] : [next]);
}

/** The rest of a rule without one node: what its values are counted within. */
export function restOf(root: GroupNode, id: string): Leaf | null {
  return toCriteria(replaced(root, id, () => null)).criteria;
}

/** A node whose meaning is turned round: everybody it held for it no longer holds for, and the other way. */
export function turned(node: TreeNode, complement: Leaf | null): TreeNode {
  if (!isGroup(node)) return complement ? { ...newRule(complement, node.id), muted: node.muted } : newGroup('none', [node]);
  if (node.combinator === 'any') return { ...node, combinator: 'none' };
  const [only] = node.rules;
  if (node.combinator === 'none') return node.rules.length === 1 && only && isGroup(only) ? only : { ...node, combinator: 'any' };
  return newGroup('none', [node]);
}

/** How many tests there are, muted ones included. */
export const size = (node: TreeNode): number =>
  isGroup(node) ? node.rules.reduce((sum, rule) => sum + size(rule), 0) : 1;
