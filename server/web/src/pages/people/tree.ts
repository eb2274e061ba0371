// What the server says of a person and a rule, node by node, as the tree that the rule is.
import type { Schemas } from '../../api/client';

export type Verdict = Schemas['PersonNode'] & { masked?: string[] };

export interface Branch {
  node: Verdict;
  children: Branch[];
}

/** Nodes in reading order as trees: a node stands below the nearest one whose pointer begins its own. */
export function nested(nodes: Verdict[]): Branch[] {
  const roots: Branch[] = [];
  const open: Branch[] = [];
  for (const node of nodes) {
    while (open.length > 0 && !isBelow(node.pointer, open.at(-1)?.node.pointer ?? '')) open.pop();
    const branch = { node, children: [] };
    (open.at(-1)?.children ?? roots).push(branch);
    open.push(branch);
  }
  return roots;
}

const isBelow = (pointer: string, above: string) => pointer.startsWith(`${above}/`);
