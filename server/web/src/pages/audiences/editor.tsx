// One audience: who receives it, put together with a live total; whom that takes out; its snapshots; its versions.
// Parts: `side` what is included and excluded, `limits` what else holds, `total` and `composition` what comes of it,
// `overlap` whom the chosen share, `saving` the buttons, `kept` what was typed, `draft` and `sums` the logic of it.
import { Grid, Skeleton, Stack, Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, Suspense, lazy, useState } from 'react';

import { type Audience, audience } from '../../api/audiences';
import { exclusionGroups } from '../../api/gates';
import { count } from '../../format/number';
import { ago } from '../../format/time';
import { Page } from '../../parts/page';
import { Trouble } from '../../parts/trouble';
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import { shell as shellTexts } from '../../texts/en/shell';
import classes from './audiences.module.css';
import { DraftNotes } from './conflict';
import { DetailsPanel } from './details';
import { useDraft } from './kept';
import { type Names, useNames } from './names';
import { type Live, useLive } from './preview';
import { Saving } from './saving';
import { SidePanel } from './side';
import { TotalPanel } from './total';

// What is further down, or behind another tab, is loaded after what one sees first.
const WaterfallPanel = lazy(() => import('./composition').then((part) => ({ default: part.WaterfallPanel })));
const SamplePanel = lazy(() => import('./composition').then((part) => ({ default: part.SamplePanel })));
const LimitsPanel = lazy(() => import('./limits').then((part) => ({ default: part.LimitsPanel })));
const OverlapPanel = lazy(() => import('./overlap').then((part) => ({ default: part.OverlapPanel })));
const PriorityPanel = lazy(() => import('./priority').then((part) => ({ default: part.PriorityPanel })));
const ExcludedTab = lazy(() => import('./excluded').then((part) => ({ default: part.ExcludedTab })));
const SnapshotsTab = lazy(() => import('./snapshots').then((part) => ({ default: part.SnapshotsTab })));
const VersionsTab = lazy(() => import('./versions').then((part) => ({ default: part.VersionsTab })));

const route = getRouteApi('/app/audiences/$id');

export function NewAudience() {
  return <Editor saved={null} />;
}

export function SavedAudience() {
  const { id } = route.useParams();
  const { data, error, refetch } = useQuery(audience(Number(id)));
  if (data) return <Editor key={data.id} saved={data} />;
  return (
    <Page title={shellTexts.audiences}>
      {error && <Trouble error={error} onRetry={() => void refetch()} />}
      {!error && <Skeleton height={480} radius="lg" />}
    </Page>
  );
}

function Editor({ saved }: { saved: Audience | null }) {
  const words = audiencesTexts;
  const state = useDraft(saved);
  const live = useLive(state.draft, saved, state.isChanged);
  const names = useNames();
  const [isNameless, setNameless] = useState(false);
  const about = saved && words.version(saved.version, ago(saved.updated_at, new Date(saved.now)));
  const isUnnamed = isNameless && !state.draft.name.trim();
  const nameError = isUnnamed ? words.needName : undefined;
  const who = <Who saved={saved} state={state} live={live} names={names} nameError={nameError} />;
  return (
    <Page
      title={saved?.name ?? words.newTitle}
      about={[about, state.isChanged && words.unsaved].filter(Boolean).join('. ') || ' '}
      actions={<Saving saved={saved} state={state} live={live} names={names} onNameless={() => setNameless(true)} />}
    >
      <DraftNotes state={state} />
      {saved ? <Parts saved={saved} names={names} who={who} /> : who}
      {live.total && (
        <div className={classes.phonePlace} aria-hidden>
          <div className={classes.phoneBar}>
            <Text size="sm" c="dimmed">
              {words.total}
            </Text>
            <Text fw={640} className={classes.number}>
              {count(live.total.count)}
            </Text>
          </div>
        </div>
      )}
    </Page>
  );
}

const TABS = ['who', 'excluded', 'snapshots', 'versions'] as const;

function Parts({ saved, names, who }: { saved: Audience; names: Names; who: ReactNode }) {
  const words = audiencesTexts;
  const { tab: asked } = route.useSearch();
  const tab = TABS.find((one) => one === asked) ?? 'who';
  const navigate = route.useNavigate();
  return (
    <Tabs
      value={tab}
      onChange={(next) => void navigate({ search: { tab: next === 'who' ? undefined : (next ?? undefined) } })}
      keepMounted={false}
    >
      <Tabs.List aria-label={words.tabsLabel} mb="lg" className={classes.tabs}>
        {TABS.map((one) => (
          <Tabs.Tab key={one} value={one}>
            {words.tabs[one]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="who">{who}</Tabs.Panel>
      <Suspense fallback={<Skeleton height={240} radius="lg" />}>
        <Tabs.Panel value="excluded">
          <ExcludedTab saved={saved} names={names} />
        </Tabs.Panel>
        <Tabs.Panel value="snapshots">
          <SnapshotsTab saved={saved} />
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          <VersionsTab saved={saved} names={names} />
        </Tabs.Panel>
      </Suspense>
    </Tabs>
  );
}

interface WhoProps {
  saved: Audience | null;
  state: ReturnType<typeof useDraft>;
  live: Live;
  names: Names;
  nameError: string | undefined;
}

function Who({ saved, state, live, names, nameError }: WhoProps) {
  const { draft, change } = state;
  const groups = useQuery(exclusionGroups).data ?? [];
  const isGrouped = groups.some((group) => group.audiences.slice(1).some((one) => one.id === saved?.id));
  const parts = { draft, change, live, names };
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, md: 8 }}>
        <Stack gap="md">
          <DetailsPanel draft={draft} change={change} nameError={nameError} />
          <SidePanel side="include" {...parts} />
          <SidePanel side="exclude" {...parts} />
          <Suspense fallback={<Skeleton height={640} radius="lg" />}>
            <WaterfallPanel live={live} names={names} />
            <LimitsPanel draft={draft} change={change} />
            <OverlapPanel draft={draft} change={change} names={names} />
            <SamplePanel live={live} />
            <PriorityPanel audience={saved?.id ?? null} />
          </Suspense>
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 4 }} order={{ base: -1, md: 0 }}>
        <TotalPanel live={live} lacksPriority={isGrouped && state.isChanged} />
      </Grid.Col>
    </Grid>
  );
}
