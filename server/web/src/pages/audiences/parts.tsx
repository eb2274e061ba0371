// What is on a side of an audience: each part with its size, what it brings or takes, and a way to take it off.
import { ActionIcon, Badge, Button, Group, Text, Tooltip } from '@mantine/core';
import { type ReactNode, Suspense, lazy, useState } from 'react';

import { count } from '../../format/number';
import { PeopleSign, SegmentsSign } from '../../parts/icons';
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import classes from './audiences.module.css';
import type { Side, SideName } from './draft';
import type { Names } from './names';
import { PeopleChips } from './people-chips';
import type { Live } from './preview';
import { CrossSign, ListSign } from './signs';
import { type Source, sourcesOf } from './sums';

const LookalikeModal = lazy(() => import('./lookalike').then((part) => ({ default: part.LookalikeModal })));

/** What the breakdown says of an exclusion. */
interface Removal {
  kind: string;
  key: string;
  removed: number;
  only: number;
}

interface PartsProps {
  side: SideName;
  here: Side;
  /** Whether people have to be in all segments, so that none of them brings anybody alone. */
  isAll: boolean;
  live: Live;
  names: Names;
  drop: (gone: Partial<Side>) => void;
  add: (added: Partial<Side>) => void;
}

export function Parts(props: PartsProps) {
  const { side, here, isAll, live, names, drop, add } = props;
  const words = audiencesTexts;
  const [alike, setAlike] = useState<number | null>(null);
  const told = tellerOf(side, live);
  const isLive = live.isCurrent;
  const isInclude = side === 'include';
  const ids = live.total?.breakdown[isInclude ? 'include_customers' : 'exclude_customers'];
  return (
    <>
      <ul className={classes.parts}>
        {here.segments.map((id) => (
          <SegmentPart
            key={`segment ${id}`}
            id={id}
            told={isInclude && isAll && here.segments.length > 1 ? '' : told('segment', String(id))}
            onLookalike={isInclude ? () => setAlike(id) : undefined}
            {...props}
          />
        ))}
        {here.lists.map((id) => {
          const report = names.lists.get(id)?.report;
          return (
            <Part
              key={`list ${id}`}
              sign={<ListSign size={16} />}
              name={names.list(id)}
              badge={words.kinds.list}
              size={report?.known}
              told={joined(report && words.knownIds(report.known, report.distinct), told('list', String(id)))}
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
            size={ids?.known}
            told={joined(ids && words.knownIds(ids.known, ids.distinct), told('customers', ''))}
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

const joined = (...parts: (string | null | undefined)[]) => parts.filter(Boolean).join(', ');

/** What a part brings or takes, by its kind and key, in words. */
function tellerOf(side: SideName, live: Live): (kind: string, key: string) => string {
  const breakdown = live.total?.breakdown;
  if (!breakdown) return () => '';
  const isOf = (kind: string, key: string) => (one: { kind: string; key: string }) => one.kind === kind && one.key === key;
  if (side === 'include') return (kind, key) => brings(sourcesOf(breakdown).find(isOf(kind, key)));
  const removals = breakdown.exclusions as unknown as Removal[];
  return (kind, key) => takes(removals.find(isOf(kind, key)));
}

/** What a source brings, as far as that is not what its size says already. */
function brings(source: Source | undefined): string {
  return source ? audiencesTexts.adds(count(source.added), source.size, source.added) : '';
}

function takes(removal: Removal | undefined): string {
  if (!removal) return '';
  const words = audiencesTexts;
  if (removal.removed === 0) return words.takesOutNone;
  const only = removal.only < removal.removed ? words.takesOutOnly(count(removal.only)) : '';
  return joined(words.takesOut(count(removal.removed)), only);
}

interface SegmentPartProps extends PartsProps {
  id: number;
  told: string;
  onLookalike: (() => void) | undefined;
}

function SegmentPart({ id, told, onLookalike, side, live, names, drop }: SegmentPartProps) {
  const words = audiencesTexts;
  const segment = names.segments.get(id);
  const name = names.segment(id);
  return (
    <Part
      sign={<SegmentsSign size={16} />}
      name={name}
      badge={segment && words.kinds[segment.segment_type]}
      size={segment?.count ?? live.total?.breakdown.include_segments[String(id)]}
      told={told}
      isLive={live.isCurrent}
      onRemove={() => drop({ segments: [id] })}
      removeLabel={words[side].removeOf(name)}
    >
      {onLookalike && segment?.segment_type !== 'lookalike' && (
        <Button size="compact-xs" variant="subtle" aria-label={words.lookalikeOf(name)} onClick={onLookalike}>
          {words.lookalike}
        </Button>
      )}
    </Part>
  );
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
          <Text fw={550} style={{ overflowWrap: 'anywhere' }}>
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
