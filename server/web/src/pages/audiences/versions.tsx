// The versions of an audience: who saved what, what tells two apart, and bringing an earlier one back.
import { Badge, Button, Checkbox, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';

import {
  type Audience,
  type KeyChange,
  audience,
  audienceVersions,
  restoreVersion,
  versionDifference,
} from '../../api/audiences';
import { segment } from '../../api/segment';
import { count } from '../../format/number';
import { dayAndTime } from '../../format/time';
import { CardTable } from '../../parts/card-table';
import { done, failed } from '../../parts/notify';
import { Panel } from '../../parts/panel';
import { Cell, StackedRow } from '../../parts/stacked';
import { Trouble } from '../../parts/trouble';
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import classes from './audiences.module.css';
import type { Names } from './names';
import { useMoved } from './moved';
import { usePeopleNames } from './people-names';
import { namedOf, shortened, valueTold } from './told';

const route = getRouteApi('/app/audiences/$id');

export function VersionsTab({ saved, names }: { saved: Audience; names: Names }) {
  const words = audiencesTexts;
  const { data, error, refetch } = useQuery(audienceVersions(saved.id));
  const { from, to } = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const moved = useMoved();
  const restore = useMutation({
    mutationFn: (version: number) => restoreVersion(saved.id, saved.version, version),
    onSuccess: (answer, version) => {
      queries.setQueryData(audience(answer.id).queryKey, answer);
      moved();
      done(words.restored(version, answer.version));
    },
    onError: failed,
  });
  if (error) return <Trouble error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton height={240} radius="lg" />;
  const marked = [from, to].filter((n): n is number => data.items.some((one) => one.version === n));
  const mark = (version: number) => {
    const chosen = marked.includes(version) ? marked.filter((n) => n !== version) : [...marked, version].slice(-2);
    const next = chosen.sort((a, b) => a - b);
    void navigate({ search: { tab: 'versions', from: next[0], to: next[1] }, replace: true });
  };
  return (
    <Stack gap="md">
      <CardTable label={words.tabs.versions} head={Object.values(words.versionsHead)}>
        {data.items.map((one) => (
          <StackedRow key={one.version}>
            <Cell of={words.versionsHead.compare}>
              <Checkbox aria-label={words.compareVersion(one.version)} checked={marked.includes(one.version)} onChange={() => mark(one.version)} />
            </Cell>
            <Cell of={words.versionsHead.version}>
              <span className={classes.version}>
                {one.version}
                {one.is_current && <Badge size="sm">{words.current}</Badge>}
              </span>
            </Cell>
            <Cell isTitle fw={550}>
              {one.name}
            </Cell>
            <Cell of={words.versionsHead.saved}>
              <Text size="sm" c="dimmed">
                {[dayAndTime(one.saved_at), one.changed_by].filter(Boolean).join(', ')}
              </Text>
            </Cell>
            <Cell>
              {!one.is_current && (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={words.restoreOf(one.version)}
                  loading={restore.isPending && restore.variables === one.version}
                  onClick={() => restore.mutate(one.version)}
                >
                  {words.restore}
                </Button>
              )}
            </Cell>
          </StackedRow>
        ))}
      </CardTable>
      {marked[0] !== undefined && marked[1] !== undefined ? (
        <Difference id={saved.id} from={marked[0]} to={marked[1]} names={names} />
      ) : (
        data.items.length > 1 && <Text c="dimmed">{words.versionsHint}</Text>
      )}
    </Stack>
  );
}

interface DifferenceProps {
  id: number;
  from: number;
  to: number;
  names: Names;
}

function Difference({ id, from, to, names: known }: DifferenceProps) {
  const words = audiencesTexts;
  const { data, error } = useQuery(versionDifference(id, from, to));
  const names = useNamesIn(data?.differences ?? [], known);
  const isSame = data && data.attributes.length + data.differences.length === 0;
  return (
    <Panel title={words.versionsDifference(from, to)}>
      {error && <Trouble error={error} />}
      {!data && !error && <Skeleton height={80} />}
      {isSame && <Text>{words.versionsSame}</Text>}
      <Stack gap="sm">
        {data?.attributes.map((one) => (
          <Told
            key={one.attribute}
            about={words.changes[one.attribute] ?? one.attribute}
            lines={[words.changeFromTo(valueTold(one.attribute, one.from, names), valueTold(one.attribute, one.to, names))]}
          />
        ))}
        {data?.differences.map((one) => (
          <Told key={one.key} about={words.keys[one.key] ?? one.key} lines={linesOf(one, names)} />
        ))}
        {data?.sizes && (
          <Group gap="xl">
            {([
              [words.confirmBefore, data.sizes.from],
              [words.confirmAfter, data.sizes.to],
              [words.entered, data.sizes.entered],
              [words.left, data.sizes.left],
              [words.stayed, data.sizes.stayed],
            ] as const).map(([label, value]) => (
              <div key={label}>
                <Text size="sm" c="dimmed">
                  {label}
                </Text>
                <Text fz="xl" fw={620} className={classes.number}>
                  {count(value)}
                </Text>
              </div>
            ))}
          </Group>
        )}
        {data && !data.sizes && !isSame && <Text c="dimmed">{words.notCountable}</Text>}
      </Stack>
    </Panel>
  );
}

function Told({ about, lines }: { about: string; lines: string[] }) {
  return (
    <div>
      <Text size="sm" c="dimmed">
        {about}
      </Text>
      {lines.map((line) => (
        <Text key={line}>{line}</Text>
      ))}
    </div>
  );
}

function linesOf(difference: KeyChange, names: Names): string[] {
  const words = audiencesTexts;
  const { key, added, removed } = difference;
  const name = (one: unknown) => {
    if (key.endsWith('segments')) return names.segment(Number(one));
    return key.endsWith('lists') ? names.list(Number(one)) : names.person(String(one));
  };
  // Whoever may not see people hears how many.
  const told = (all: unknown[] | null | undefined, total: number | undefined) => shortened((all ?? []).map(name), total);
  const moved = [
    ...told(added, difference.added_total).map(words.changeAdded),
    ...told(removed, difference.removed_total).map(words.changeRemoved),
  ];
  const isValue = 'from' in difference || 'to' in difference;
  return isValue ? [...moved, words.changeFromTo(valueTold(key, difference.from, names), valueTold(key, difference.to, names))] : moved;
}

/** The entries of some lists that are named. */
const entriesOf = (differences: KeyChange[], kind: string): unknown[] =>
  differences.filter(({ key }) => key.endsWith(kind)).flatMap(({ added, removed }) => [...namedOf(added ?? []), ...namedOf(removed ?? [])]);

/** Names of what versions differ in: also of people, and of segments that are archived by now. */
function useNamesIn(differences: KeyChange[], names: Names): Names {
  const ids = entriesOf(differences, 'segments').map(Number).filter((id) => !names.segments.has(id));
  const found = useQueries({
    queries: [...new Set(ids)].map((id) => ({ ...segment(String(id)), refetchInterval: false as const, retry: false })),
  });
  const person = usePeopleNames(entriesOf(differences, 'customers').map(String));
  const older = new Map([...new Set(ids)].map((id, i) => [id, found[i]] as const));
  const called = (id: number) => {
    const one = older.get(id);
    return one?.data?.name ?? (one?.isError ? audiencesTexts.segmentGone(id) : names.segment(id));
  };
  return { ...names, person, segment: called };
}
