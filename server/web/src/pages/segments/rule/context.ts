// What every node of the tree needs to know, and what it can do to the tree. What stays, what is counted and the tree
// itself are apart: a key in one rule draws that rule anew and no other.
import { createContext, use } from 'react';

import type { NodeCounts } from '../../../api/rule';
import type { Catalog } from './catalog';
import { type GroupNode, type TreeNode, newGroup } from './criteria';

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

/** The whole tree; only what is open and counted within the rest of the rule asks for it. */
export const RootContext = createContext<GroupNode>(newGroup());

export function useBuilder(): Builder {
  const builder = use(BuilderContext);
  if (!builder) throw new Error('a node of a rule stands outside of a builder');
  return builder;
}

/** A place in the tree as people count: 2.1 is the first rule of the second. */
export const placeOfPath = (path: number[]): string => path.map((index) => index + 1).join('.');

/** Puts the cursor into a node once it is there. */
export function focusNode(id: string, part = '[data-first]'): void {
  // After the next paint: what was just added is not in the page yet.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const node = document.querySelector(`[data-node="${CSS.escape(id)}"]`);
      node?.querySelector<HTMLElement>(part)?.focus();
    }),
  );
}
