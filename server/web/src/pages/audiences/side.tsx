// One side of an audience: what is on it, what each part brings or takes, and how to add more.
import { ActionIcon, Badge, Button, Group, SegmentedControl, Stack, Text, Tooltip } from '@mantine/core';
import { type ReactNode, Suspense, lazy, useState } from 'react';

import { count } from '../../format/number';
import { PeopleSign, SegmentsSign } from '../../parts/icons';
import { Panel } from '../../parts/panel';
import { texts } from '../../texts/en';
import { AddPeople } from './add-people';
import { AddSet } from './add-set';
import classes from './audiences.module.css';
import { type Draft, type Match, type Side, type SideName, withAdded, without } from './draft';
import type { Names } from './names';
import { PeopleChips } from './people-chips';
import type { Live } from './preview';
import { CrossSign, ListSign, UploadSign } from './signs';
import { type Source, sourcesOf } from './sums';

const UploadModal = lazy(() => import('./upload').then((part) => ({ default: part.UploadModal })));
const LookalikeModal = lazy(() => import('./lookalike').then((part) => ({ default: part.LookalikeModal })));

interface SideProps {
  side: SideName;
  draft: Draft;
  change: (changed: Partial<Draft>) => void;
  live: Live;
  names: Names;
}

interface Removal {
  kind: string;
  key: string;
  removed: number;
  only: number;
}

export function SidePanel({ side, draft, change, live, names }: SideProps) {
  const words = texts.audiences;
  const [isUploading, setUploading] = useState(false);
  const here = draft[side];
  const add = (added: Partial<Side>) => change({ [side]: withAdded(here, added) });
  const drop = (gone: Partial<Side>) => change({ [side]: without(here, gone) });
  const isEveryone = side === 'include' && draft.match === 'everyone';
  const isEmpty = here.segments.length + here.people.length + here.lists.length === 0;
  return (
    <Panel title={words[side].title} about={words[side].about} aside={side === 'include' && <MatchChoice {...{ draft, change }} />}>
      <Stack gap="md">
        {isEveryone && <Text c="dimmed">{words.everyoneAbout}</Text>}
        {side === 'include' && draft.match === 'all' && (
          <Text size="sm" c="dimmed">
            {words.allAbout}
          </Text>
        )}
        {!isEveryone && (
          <>
            {isEmpty ? (
              <div className={classes.blank}>
                <Text fw={550}>{words[side].none}</Text>
                <Text size="sm" c="dimmed">
                  {words[side].noneAbout}
                </Text>
              </div>
            ) : (
              <Parts side={side} here={here} drop={drop} add={add} live={live} names={names} isAll={draft.match === 'all'} />
            )}
            <div className={classes.adders}>
              <AddSet side={side} here={here} names={names} onAdd={add} />
              <AddPeople side={side} onAdd={(people) => add({ people })} />
              <Button
                variant="default"
                leftSection={<UploadSign size={16} />}
                onClick={() => setUploading(true)}
                aria-label={words.uploadTo(words[side].title)}
              >
                {words.upload}
              </Button>
            </div>
          </>
        )}
      </Stack>
      {isUploading && (
        <Suspense>
          <UploadModal side={side} onClose={() => setUploading(false)} onDone={(list) => add({ lists: [list] })} />
        </Suspense>
      )}
    </Panel>
  );
}

function MatchChoice({ draft, change }: Pick<SideProps, 'draft' | 'change'>) {
  const words = texts.audiences;
  return (
    <SegmentedControl
      size="xs"
      aria-label={words.match}
      value={draft.match}
      onChange={(match) => change({ match: match as Match })}
      data={Object.entries(words.matches).map(([value, label]) => ({ value, label }))}
    />
  );
}

interface PartsProps extends Pick<SideProps, 'side' | 'live' | 'names'> {
  here: Side;
  isAll: boolean;
  drop: (gone: Partial<Side>) => void;
  add: (added: Partial<Side>) => void;
}

function Parts({ side, here, drop, add, live, names, isAll }: PartsProps) {
  const words = texts.audiences;
  const [alike, setAlike] = useState<number | null>(null);
  const breakdown = live.total?.breakdown;
  const source = (kind: string, key: string) =>
    breakdown && sourcesOf(breakdown).find((one) => one.kind === kind && one.key === key);
  const removal = (kind: string, key: string) =>
    (breakdown?.exclusions as unknown as Removal[] | undefined)?.find((one) => one.kind === kind && one.key === key);
  const told = (kind: string, key: string) => (side === 'include' ? brings(source(kind, key)) : takes(removal(kind, key)));
  const isLive = live.isCurrent;
  return (
    <>
    <ul className={classes.parts}>
      {here.segments.map((id) => {
        const segment = names.segments.get(id);
        const size = segment?.count ?? breakdown?.include_segments[String(id)];
        return (
          <Part
            key={`segment ${id}`}
            sign={<SegmentsSign size={16} />}
            name={names.segment(id)}
            badge={segment && words.kinds[segment.segment_type]}
            size={size}
            told={side === 'include' && isAll && here.segments.length > 1 ? '' : told('segment', String(id))}
            isLive={isLive}
            onRemove={() => drop({ segments: [id] })}
            removeLabel={words[side].removeOf(names.segment(id))}
          >
            {side === 'include' && segment?.segment_type !== 'lookalike' && (
              <Button size="compact-xs" variant="subtle" aria-label={words.lookalikeOf(names.segment(id))} onClick={() => setAlike(id)}>
                {words.lookalike}
              </Button>
            )}
          </Part>
        );
      })}
      {here.lists.map((id) => {
        const report = names.lists.get(id)?.report;
        return (
          <Part
            key={`list ${id}`}
            sign={<ListSign size={16} />}
            name={names.list(id)}
            badge={words.kinds.list}
            size={report?.known}
            told={[report && words.knownIds(report.known, report.distinct), told('list', String(id))].filter(Boolean).join(', ')}
            isLive={isLive}
            onRemove={() => drop({ lists: [id] })}
            removeLabel={words[side].removeOf(names.list(id))}
          />
        );
      })}
      {here.people.length > 0 && (
        <Part
          sign={<PeopleSign size={16} />}
          name={words.peopleRow(here.people.length)}
          size={breakdown?.[side === 'include' ? 'include_customers' : 'exclude_customers']?.known}
          told={[knownOf(breakdown?.[side === 'include' ? 'include_customers' : 'exclude_customers']), told('customers', '')]
            .filter(Boolean)
            .join(', ')}
          isLive={isLive}
          onRemove={() => drop({ people: here.people })}
          removeLabel={words.removeAllPeople(words[side].title)}
        >
          <PeopleChips ids={here.people} onRemove={(id) => drop({ people: [id] })} />
        </Part>
      )}
    </ul>
      {alike !== null && (
        <Suspense>
          <LookalikeModal
            source={alike}
            names={names}
            onClose={() => setAlike(null)}
            onMade={(segment) => add({ segments: [segment] })}
          />
        </Suspense>
      )}
    </>
  );
}

const knownOf = (report: { known: number; distinct: number } | null | undefined) =>
  report && texts.audiences.knownIds(report.known, report.distinct);

/** What a source brings, as far as that is not what its size says already. */
function brings(source: Source | undefined): string {
  if (!source) return '';
  const words = texts.audiences;
  return words.adds(count(source.added), source.size, source.added);
}

function takes(removal: Removal | undefined): string {
  if (!removal) return '';
  const words = texts.audiences;
  if (removal.removed === 0) return words.takesOutNone;
  const only = removal.only < removal.removed ? `, ${words.takesOutOnly(count(removal.only))}` : '';
  return words.takesOut(count(removal.removed)) + only;
}

interface PartProps {
  sign: ReactNode;
  name: string;
  badge?: string;
  size: number | undefined;
  told: string;
  isLive: boolean;
  onRemove: () => void;
  removeLabel: string;
  children?: ReactNode;
}

function Part({ sign, name, badge, size, told, isLive, onRemove, removeLabel, children }: PartProps) {
  return (
    <li className={classes.part}>
      <span className={classes.partSign}>{sign}</span>
      <div className={classes.partBody}>
        <Group gap={8} wrap="nowrap">
          <Text fw={550} truncate title={name}>
            {name}
          </Text>
          {badge && (
            <Badge size="sm" style={{ flexShrink: 0 }}>
              {badge}
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed" aria-busy={!isLive}>
          {told}
        </Text>
        {children}
      </div>
      <Text className={classes.figure}>{size === undefined ? '' : count(size)}</Text>
      <Tooltip label={removeLabel}>
        <ActionIcon variant="subtle" color="gray" aria-label={removeLabel} onClick={onRemove}>
          <CrossSign size={14} />
        </ActionIcon>
      </Tooltip>
    </li>
  );
}
