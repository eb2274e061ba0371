// A segment that is not there yet: written, counted, and saved under a name. `new-list.tsx` and `new-alike.tsx` are those that
// are no rule.
import { Button, Group, Skeleton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Suspense, lazy, useMemo, useState } from 'react';

import { ruleOf } from '../../../api/rule';
import { create, segment as segmentQuery } from '../../../api/segment';
import { done } from '../../../parts/notify';
import { Page } from '../../../parts/page';
import { Trouble } from '../../../parts/trouble';
import { builder as builderTexts } from '../../../texts/en/builder';
import { type Catalog, useCatalog } from '../rule/catalog';
import { fromCriteria } from '../rule/criteria';
import type { Json } from '../rule/leaf';
import { useCounting } from './counting';
import { Details } from './details';
import { type Draft, blank, draftOf, savedOf, useDraft } from './draft';
import { useKeys } from './keys';
import { Kinds } from './kinds';
import { Offer } from './offer';
import { RuleTab } from './rule-tab';
import { Steps } from './steps';

const route = getRouteApi('/app/segments/new');

const NewList = lazy(() => import('./new-list').then(({ NewList }) => ({ default: NewList })));
const NewAlike = lazy(() => import('./new-alike').then(({ NewAlike }) => ({ default: NewAlike })));

export function NewSegment() {
  const { kind } = route.useSearch();
  if (kind === undefined) return <NewRule />;
  return (
    <Suspense
      fallback={
        <Page title={builderTexts.newTitle}>
          <Skeleton height={420} radius="lg" />
        </Page>
      }
    >
      {kind === 'list' ? <NewList /> : <NewAlike />}
    </Suspense>
  );
}

function NewRule() {
  const { copy, rule } = route.useSearch();
  const catalog = useCatalog(null);
  const copied = useQuery({ ...segmentQuery(copy ?? ''), enabled: copy !== undefined });
  const read = useQuery({ ...ruleOf(rule ?? ''), enabled: rule !== undefined });
  if (copied.isError || read.isError) {
    return (
      <Page title={builderTexts.newTitle}>
        <Trouble error={copied.error ?? read.error} />
      </Page>
    );
  }
  if (!catalog || (copy !== undefined && !copied.data) || (rule !== undefined && read.data === undefined)) {
    return (
      <Page title={builderTexts.newTitle}>
        <Skeleton height={420} radius="lg" />
      </Page>
    );
  }
  const written = read.data ? { ...blank(), root: fromCriteria(read.data as Json) } : null;
  const first = copied.data && { ...draftOf(copied.data), name: builderTexts.copyOf(copied.data.name) };
  return <Editor key={`${copy ?? ''} ${rule ?? ''}`} catalog={catalog} first={first ?? written} isCopy={first !== undefined} keptAs={copy === undefined ? 'new' : `copy-${copy}`} />;
}

interface EditorProps {
  catalog: Catalog;
  /** What it begins with. */
  first: Draft | null;
  isCopy: boolean;
  keptAs: string;
}

function Editor({ catalog, first, isCopy, keptAs }: EditorProps) {
  const words = builderTexts;
  const navigate = route.useNavigate();
  const queryClient = useQueryClient();
  const [base] = useState(() => first ?? blank());
  const writing = useDraft(keptAs, base, null);
  const counting = useCounting(writing.draft.root);
  const [isTried, setTried] = useState(false);
  const isNamed = writing.draft.name.trim() !== '';
  const saving = useMutation({
    mutationFn: () => create(savedOf(writing.draft)),
    onSuccess: (saved) => {
      writing.forget();
      done(words.saved(saved.name));
      queryClient.setQueryData(['segment', String(saved.id)], saved);
      for (const changed of ['segments', 'dashboard']) void queryClient.invalidateQueries({ queryKey: [changed] });
      void navigate({ to: '/app/segments/$id', params: { id: String(saved.id) } });
    },
  });
  const save = () => {
    setTried(true);
    if (!isNamed) document.getElementById('segment-name')?.focus();
    else if (counting.written.criteria !== null && !saving.isPending) saving.mutate();
  };
  useKeys({ undo: writing.undo, redo: writing.redo, save });
  const nameError = useMemo(() => (isTried && !isNamed ? words.nameMissing : undefined), [isTried, isNamed, words]);
  return (
    <Page
      title={words.newTitle}
      actions={
        <Group gap="xs">
          <Steps canUndo={writing.canUndo} canRedo={writing.canRedo} undo={writing.undo} redo={writing.redo} />
          <Button onClick={save} loading={saving.isPending} disabled={counting.written.criteria === null}>
            {words.saveAs}
          </Button>
        </Group>
      }
    >
      {!isCopy && <Kinds kind={undefined} />}
      <Offer writing={writing} />
      {saving.isError && <Trouble error={saving.error} />}
      <Details draft={writing.draft} change={writing.change} nameError={nameError} />
      <RuleTab catalog={catalog} writing={writing} counting={counting} segment={null} />
    </Page>
  );
}
