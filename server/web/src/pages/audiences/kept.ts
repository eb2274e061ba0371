// A draft that outlives the tab: kept in this browser at every change, until it is saved or given up. A reload, a closed
// window or a server that is started again lose nothing that was typed.
import { useCallback, useEffect, useState } from 'react';

import type { Audience } from '../../api/audiences';
import { type Draft, draftOf, emptyDraft, isSame } from './draft';

interface Kept {
  /** The version that was being changed; none of a new audience. */
  base: number | null;
  /** What that version says. */
  original: Draft;
  draft: Draft;
}

const keptAs = (id: number | null) => `muster.audience.${id ?? 'new'}`;

function read(id: number | null): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(keptAs(id)) ?? 'null') as Kept | null;
    // Whatever was written by an earlier page has what this one asks for, or its default.
    return kept && { ...kept, draft: { ...emptyDraft(), ...kept.draft }, original: { ...emptyDraft(), ...kept.original } };
  } catch {
    return null;
  }
}

function write(id: number | null, kept: Kept | null): void {
  try {
    if (kept) localStorage.setItem(keptAs(id), JSON.stringify(kept));
    else localStorage.removeItem(keptAs(id));
  } catch {
    // The browser keeps nothing, or has no room; what is on the page stays.
  }
}

const from = (saved: Audience | null): Kept =>
  saved
    ? { base: saved.version, original: draftOf(saved), draft: draftOf(saved) }
    : { base: null, original: emptyDraft(), draft: emptyDraft() };

export interface DraftState {
  draft: Draft;
  original: Draft;
  base: number | null;
  change: (changed: Partial<Draft>) => void;
  isChanged: boolean;
  /** It was typed before this page was opened. */
  isFound: boolean;
  /** The newer version that somebody else saved while this was being changed. */
  newer: Audience | null;
  /** Goes on from what is saved. */
  discard: () => void;
  /** Keeps what was typed, as a change of the newest version. */
  rebase: () => void;
  /** What was typed is saved now. */
  settle: (saved: Audience | null) => void;
}

/** What is being put together; `saved` is the newest that the server has, `null` for a new one. */
export function useDraft(saved: Audience | null): DraftState {
  const id = saved?.id ?? null;
  const [first] = useState(() => read(id));
  const [state, setState] = useState<Kept>(() => first ?? from(saved));
  const isChanged = !isSame(state.original, state.draft);
  const isBehind = saved !== null && state.base !== saved.version;

  useEffect(() => write(id, isChanged ? state : null), [id, state, isChanged]);
  // What nobody changed here follows what is saved elsewhere. An answer that is older than the base was on its way.
  useEffect(() => {
    if (saved && !isChanged && saved.version > (state.base ?? 0)) setState(from(saved));
  }, [saved, isChanged, state.base]);

  const change = useCallback(
    (changed: Partial<Draft>) => setState((before) => ({ ...before, draft: { ...before.draft, ...changed } })),
    [],
  );
  return {
    ...state,
    change,
    isChanged,
    isFound: first !== null && isChanged && isSame(first.draft, state.draft),
    newer: isBehind && isChanged && saved.version > (state.base ?? 0) ? saved : null,
    discard: () => setState(from(saved)),
    rebase: () => saved && setState((before) => ({ ...from(saved), draft: before.draft })),
    settle: (next) => {
      write(id, null);
      setState(from(next));
    },
  };
}
