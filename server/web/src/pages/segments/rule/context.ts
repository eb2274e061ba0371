// What every node of the tree needs to know, and what it can do to the tree. What stays, what is counted and the tree
// itself are apart: a key in one rule draws that rule anew and no other.
import { createContext, use, useSyncExternalStore } from 'react';

import type { NodeCounts } from '../../../api/rule';
import type { Catalog } from './catalog';
import type { GroupNode, TreeNode } from './criteria';

export interface Builder {
  catalog: Catalog;
  /** Puts something else in the place of a node, or nothing. */
  put: (id: string, put: (node: TreeNode) => TreeNode | null) => void;
  /** Changes the tree. */
  change: (put: (root: GroupNode) => GroupNode) => void;
}

export interface Tally {
  /** Counts by the id of a node, of the tree as it is or was a moment ago. */
  counts: Map<string, NodeCounts>;
  /** People that the whole rule selects. */
  total: number | undefined;
  /** Mistakes that the server found, by the id of a node. */
  mistakes: Map<string, string[]>;
}

export const BuilderContext = createContext<Builder | null>(null);

export const TallyContext = createContext<Tally>({ counts: new Map(), total: undefined, mistakes: new Map() });

/** The whole tree as it changes. It is no value of a context: with each key everything would be searched for who uses it. */
export class Roots {
  private readonly listeners = new Set<() => void>();

  constructor(private root: GroupNode) {}

  readonly get = (): GroupNode => this.root;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  set(root: GroupNode): void {
    this.root = root;
    this.listeners.forEach((listener) => listener());
  }
}

export const RootsContext = createContext<Roots | null>(null);

const toNobody = () => () => {};
const none = () => null;

/** The whole tree, for what is open and counted within the rest of the rule; nothing for what is closed. */
export function useRoot(isOpen: boolean): GroupNode | null {
  const roots = use(RootsContext);
  const isUsed = isOpen && roots !== null;
  return useSyncExternalStore(isUsed ? roots.subscribe : toNobody, isUsed ? roots.get : none);
}

export function useBuilder(): Builder {
  const builder = use(BuilderContext);
  if (!builder) throw new Error('a node of a rule stands outside of a builder');
  return builder;
}

/** A node of the tree where it stands, as it is drawn. */
export interface Standing<N extends TreeNode> {
  node: N;
  path: number[];
  /** Whether a group around it is off. */
  isOff: boolean;
  isFirst: boolean;
  isLast: boolean;
}

/** Whether a node need not be drawn anew: a rule may have a hundred others beside it. */
export function isDrawnAlike<N extends TreeNode>(before: Standing<N>, after: Standing<N>): boolean {
  const isSame = before.node === after.node && placeOfPath(before.path) === placeOfPath(after.path);
  return isSame && before.isOff === after.isOff && before.isFirst === after.isFirst && before.isLast === after.isLast;
}

/** A place in the tree as people count: 2.1 is the first rule of the second. */
export const placeOfPath = (path: number[]): string => path.map((index) => index + 1).join('.');

/** Puts the cursor into a node once it is there: into the first of several that is, the whole rule where none is. */
export function focusNode(ids: string | readonly string[], part = 'input[data-first], [data-first] input:checked, button'): void {
  // After the next paint: what was just added is not in the page yet.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const found = [ids].flat().map((id) => document.querySelector(`[data-node="${CSS.escape(id)}"]`));
      const node = found.find((one) => one !== null) ?? document.querySelector('[data-node]');
      node?.querySelector<HTMLElement>(part)?.focus();
    }),
  );
}
