// One saved segment: its rule or its people, its size through time, its versions, and who uses it.
import { Button, Group, Skeleton, Tabs } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Suspense, lazy, useEffect, useMemo, useState } from 'react';

import { Problem } from '../../../api/problem';
import { type Segment, segment as segmentQuery } from '../../../api/segment';
import { count } from '../../../format/number';
import { Empty } from '../../../parts/empty';
import { ButtonLink } from '../../../parts/link';
import { done } from '../../../parts/notify';
import { Page } from '../../../parts/page';
import { Trouble } from '../../../parts/trouble';
import { builder as builderTexts } from '../../../texts/en/builder';
import { problem as problemTexts } from '../../../texts/en/problem';
import { type Catalog, useCatalog } from '../rule/catalog';
import { Conflict } from './conflict';
import { useCounting } from './counting';
import { Details } from './details';
import { draftOf, useDraft } from './draft';
import classes from './edit.module.css';
import { useKeys } from './keys';
import { More } from './more';
import { Offer } from './offer';
import { RuleTab } from './rule-tab';
import { Steps } from './steps';

const route = getRouteApi('/app/segments/$id');

const Review = lazy(() => import('./review').then(({ Review }) => ({ default: Review })));
const People = lazy(() => import('./people').then(({ People }) => ({ default: People })));
const SizeTab = lazy(() => import('./size-tab').then(({ SizeTab }) => ({ default: SizeTab })));
const Versions = lazy(() => import('./versions').then(({ Versions }) => ({ default: Versions })));
const Uses = lazy(() => import('./uses').then(({ Uses }) => ({ default: Uses })));

export function SegmentPage() {
  const words = builderTexts;
  const { id } = route.useParams();
  const found = useQuery({ ...segmentQuery(id), placeholderData: undefined });
  const catalog = useCatalog(Number(id));
  if (found.isError && !found.data) {
    const isGone = found.error instanceof Problem && found.error.status === 404;
    return (
      <Page title={isGone ? words.notFound : problemTexts.title}>
        {isGone ? (
          <Empty title={words.notFoundAbout} action={<ButtonLink to="/app/segments">{words.toList}</ButtonLink>} />
        ) : (
          <Trouble error={found.error} onRetry={() => void found.refetch()} />
        )}
      </Page>
    );
  }
  if (!found.data || !catalog) {
    return (
      <Page title={words.loading}>
        <Skeleton height={480} radius="lg" />
      </Page>
    );
  }
  return <Editor key={id} live={found.data} catalog={catalog} />;
}

function Editor({ live, catalog }: { live: Segment; catalog: Catalog }) {
  const words = builderTexts;
  const { tab } = route.useSearch();
  const navigate = route.useNavigate();
  const queryClient = useQueryClient();
  // What the draft is written on: it follows what is saved, but never under somebody's hands.
  const [base, setBase] = useState(live);
  const baseDraft = useMemo(() => draftOf(base), [base]);
  const writing = useDraft(String(live.id), baseDraft, base.version);
  const counting = useCounting(writing.draft.root);
  const [isReviewed, setReviewed] = useState(false);
  const isRule = live.segment_type === 'dynamic' && live.criteria != null;
  const { isDirty, reset, offered } = writing;
  const isNewer = live.version > base.version;
  useEffect(() => {
    if (isNewer && !isDirty && !offered) {
      setBase(live);
      reset(draftOf(live));
    }
  }, [isNewer, isDirty, offered, live, reset]);
  const isSavable = isDirty && writing.draft.name.trim() !== '' && (!isRule || counting.written.criteria !== null);
  const review = () => isSavable && setReviewed(true);
  useKeys({ undo: writing.undo, redo: writing.redo, save: review });
  const adopt = (saved: Segment) => {
    queryClient.setQueryData(['segment', String(saved.id)], saved);
    setBase(saved);
    for (const changed of ['segments', 'dashboard', 'versions', 'history', 'forecast', 'members', 'findings']) {
      void queryClient.invalidateQueries({ queryKey: [changed] });
    }
  };
  const tabs = ['rule', 'people', 'size', 'versions', 'uses'].filter((one) => one !== 'rule' || isRule);
  const shown = tab !== undefined && tabs.includes(tab) ? tab : (tabs[0] ?? 'people');
  const about = live.segment_type === 'static' ? words.listAbout : live.segment_type === 'lookalike' ? words.alikeAbout : isRule ? undefined : words.maskedAbout;
  return (
    <Page
      title={base.name}
      about={about ?? (live.count == null ? undefined : words.segmentSize(count(live.count)))}
      actions={
        <Group gap="xs">
          <Steps canUndo={writing.canUndo} canRedo={writing.canRedo} undo={writing.undo} redo={writing.redo} />
          <Button onClick={review} disabled={!isSavable}>
            {words.review}
          </Button>
          <More segment={live} onSaved={(saved) => { adopt(saved); reset(draftOf(saved)); }} onDeleted={writing.forget} />
        </Group>
      }
    >
      <Offer writing={writing} />
      {isNewer && isDirty && (
        <Conflict
          theirs={live}
          mine={writing.draft}
          onTheirs={() => {
            setBase(live);
            reset(draftOf(live));
          }}
          onMine={() => {
            setBase(live);
            done(words.keptMine);
          }}
        />
      )}
      <Details draft={writing.draft} change={writing.change} nameError={writing.draft.name.trim() === '' ? words.nameMissing : undefined} />
      <Tabs
        value={shown}
        onChange={(next) => void navigate({ search: { tab: next === tabs[0] ? undefined : (next ?? undefined) }, replace: true })}
        keepMounted={false}
      >
        <Tabs.List aria-label={words.tabsLabel} mb="md" className={classes.tabs}>
          {tabs.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {words.tabs[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Suspense fallback={<Skeleton height={300} radius="lg" />}>
          {isRule && (
            <Tabs.Panel value="rule">
              <RuleTab catalog={catalog} writing={writing} counting={counting} segment={live.id} />
            </Tabs.Panel>
          )}
          <Tabs.Panel value="people">
            <People segment={live} />
          </Tabs.Panel>
          <Tabs.Panel value="size">
            <SizeTab segment={live} />
          </Tabs.Panel>
          <Tabs.Panel value="versions">
            <Versions segment={live} onRestored={(saved) => { adopt(saved); reset(draftOf(saved)); }} />
          </Tabs.Panel>
          <Tabs.Panel value="uses">
            <Uses id={live.id} />
          </Tabs.Panel>
        </Suspense>
      </Tabs>
      {isReviewed && (
        <Suspense>
          <Review
            base={base}
            draft={writing.draft}
            before={baseDraft}
            onClose={() => setReviewed(false)}
            onSaved={(saved) => {
              adopt(saved);
              setReviewed(false);
              done(words.saved(saved.name));
            }}
            onStale={() => {
              setReviewed(false);
              void queryClient.invalidateQueries({ queryKey: ['segment', String(live.id)] });
            }}
          />
        </Suspense>
      )}
    </Page>
  );
}
