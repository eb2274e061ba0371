// What somebody is writing: every step can be undone, and all of it is kept in the browser until it is saved, so that
// neither a reload nor a server that is away loses a word.
import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'react';

import type { Saved, Segment } from '../../../api/segment';
import { type GroupNode, type TreeNode, fromCriteria, isGroup, newGroup, toCriteria } from '../rule/criteria';
import type { Json } from '../rule/leaf';

export interface Draft {
  name: string;
  description: string;
  tags: string[];
  status: string;
  owner: string;
  root: GroupNode;
}

/** Steps that can be undone. */
const STEPS_MAX = 200;

/** Milliseconds within which further changes at the same place are one step. */
const STEP_MS = 900;

/** Milliseconds without a change after which what was written is put away. */
const KEEP_MS = 250;

export const blank = (): Draft => ({ name: '', description: '', tags: [], status: 'active', owner: '', root: newGroup() });

export function draftOf(segment: Segment): Draft {
  const { name, description, tags, status, owner } = segment;
  const root = segment.criteria ? fromCriteria(segment.criteria as Json) : newGroup();
  return { name, description, tags, status, owner, root };
}

/** What would be saved. */
export function savedOf({ root, ...words }: Draft): Saved {
  const { criteria } = toCriteria(root);
  return { ...words, name: words.name.trim(), ...(criteria ? { criteria } : {}) };
}

/** Whether two drafts would be saved as the same. */
export const isSame = (a: Draft, b: Draft): boolean => JSON.stringify(savedOf(a)) === JSON.stringify(savedOf(b));

/** Everything but the ids of nodes, which mean nothing. */
const stripped = (draft: Draft): string =>
  JSON.stringify(draft, (key, value: unknown) => (key === 'id' ? undefined : value));

interface Steps {
  past: Draft[];
  present: Draft;
  future: Draft[];
  /** Where the last change was, and when. */
  place: string;
  at: number;
}

/** Where a change is: a word, or what tells it from what was and what is. None is a step of its own. */
type Place = string | ((before: Draft, after: Draft) => string);

type Step =
  | { kind: 'change'; put: (draft: Draft) => Draft; place: Place; at: number }
  | { kind: 'undo' }
  | { kind: 'redo' }
  | { kind: 'reset'; draft: Draft };

export function step(steps: Steps, what: Step): Steps {
  const { past, present, future } = steps;
  switch (what.kind) {
    case 'change': {
      const next = what.put(present);
      if (next === present) return steps;
      const place = typeof what.place === 'string' ? what.place : what.place(present, next);
      const isSameStep = place !== '' && place === steps.place && what.at - steps.at < STEP_MS;
      const before = isSameStep && past.length > 0 ? past : [...past, present].slice(-STEPS_MAX);
      return { past: before, present: next, future: [], place, at: what.at };
    }
    case 'undo': {
      const last = past.at(-1);
      return last ? { past: past.slice(0, -1), present: last, future: [present, ...future], place: '', at: 0 } : steps;
    }
    case 'redo': {
      const [next, ...rest] = future;
      return next ? { past: [...past, present], present: next, future: rest, place: '', at: 0 } : steps;
    }
    case 'reset':
      return { past: [], present: what.draft, future: [], place: '', at: 0 };
  }
}

/** Where a change of the tree is: the test that it changed, or nowhere in particular. */
export function placeOf(before: GroupNode, after: GroupNode): string {
  const changed: string[] = [];
  const walk = (a: TreeNode, b: TreeNode): boolean => {
    if (a === b) return true;
    if (a.id !== b.id || a.muted !== b.muted || isGroup(a) !== isGroup(b)) return false;
    if (!isGroup(a) || !isGroup(b)) {
      changed.push(a.id);
      return true;
    }
    return (
      a.combinator === b.combinator &&
      a.rules.length === b.rules.length &&
      a.rules.every((rule, i) => walk(rule, b.rules[i] as TreeNode))
    );
  };
  return walk(before, after) && changed.length === 1 ? `rule ${changed[0]}` : '';
}

interface Kept {
  /** The version that was written on; none of a new segment. */
  version: number | null;
  draft: Draft;
  /** RFC 3339 */
  at: string;
}

const keptAs = (id: string) => `muster.draft.${id}`;

/** What was being written and not saved; none when there is nothing or it cannot be read. */
export function kept(id: string): Kept | null {
  try {
    const found = JSON.parse(localStorage.getItem(keptAs(id)) ?? 'null') as Kept | null;
    return found && typeof found.draft?.name === 'string' && Array.isArray(found.draft.root?.rules) ? found : null;
  } catch {
    return null;
  }
}

function keep(id: string, what: Kept | null): void {
  try {
    if (what === null) localStorage.removeItem(keptAs(id));
    else localStorage.setItem(keptAs(id), JSON.stringify(what));
  } catch {
    // A browser that keeps nothing: the page works, and forgets when it is closed.
  }
}

export interface Writing {
  draft: Draft;
  /** Changes at one `place` soon after each other are one step. */
  change: (put: (draft: Draft) => Draft, place?: Place) => void;
  undo: () => void;
  redo: () => void;
  canUndo: boolean;
  canRedo: boolean;
  /** Begins anew from what is saved. */
  reset: (draft: Draft) => void;
  /** What was not saved the last time, as long as nobody has decided about it. */
  offered: Kept | null;
  take: () => void;
  drop: () => void;
  /** What is written is saved under another name now: nothing is kept under this one any more. */
  forget: () => void;
  /** Whether what is written is not what is saved. */
  isDirty: boolean;
}

/** What is written on `base`, kept under `id`. */
export function useDraft(id: string, base: Draft, version: number | null): Writing {
  const [steps, dispatch] = useReducer(step, base, (present) => ({ past: [], present, future: [], place: '', at: 0 }));
  const [offered, setOffered] = useState(() => {
    const found = kept(id);
    return found && stripped(found.draft) !== stripped(base) ? found : null;
  });
  const change = useCallback(
    (put: (draft: Draft) => Draft, place: Place = '') => dispatch({ kind: 'change', put, place, at: Date.now() }),
    [],
  );
  const draft = steps.present;
  const isOver = useRef(false);
  useKeeping(id, draft, base, version, () => isOver.current || (offered !== null && steps.past.length === 0));
  const isDirty = useMemo(() => !isSame(draft, base), [draft, base]);
  return {
    draft,
    change,
    undo: useCallback(() => dispatch({ kind: 'undo' }), []),
    redo: useCallback(() => dispatch({ kind: 'redo' }), []),
    canUndo: steps.past.length > 0,
    canRedo: steps.future.length > 0,
    reset: useCallback((next: Draft) => {
      setOffered(null);
      dispatch({ kind: 'reset', draft: next });
    }, []),
    offered,
    take: () => {
      if (offered) change(() => offered.draft);
      setOffered(null);
    },
    drop: () => {
      keep(id, null);
      setOffered(null);
    },
    forget: () => {
      isOver.current = true;
      keep(id, null);
    },
    isDirty,
  };
}

/** Puts away what is written, soon after each change and at the latest when the page is left. */
function useKeeping(id: string, draft: Draft, base: Draft, version: number | null, isLeft: () => boolean): void {
  const put = useRef(() => {});
  put.current = () => {
    // What is on offer stays until somebody decides, or writes on.
    if (isLeft()) return;
    const isKept = stripped(draft) !== stripped(base);
    keep(id, isKept ? { version, draft, at: new Date().toISOString() } : null);
  };
  useEffect(() => {
    const timer = setTimeout(() => put.current(), KEEP_MS);
    return () => clearTimeout(timer);
  }, [id, draft, base, version]);
  useEffect(() => {
    const now = () => put.current();
    window.addEventListener('pagehide', now);
    return () => {
      window.removeEventListener('pagehide', now);
      now();
    };
  }, []);
}
