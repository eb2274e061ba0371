// Whom the chosen sets share, as an UpSet; a column can be looked into, and kept out.
import { Button, Group, MultiSelect, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { type OverlapSet, SETS_MAX, exactly, overlap, ruleSample, saveRule } from '../../api/overlaps';
import { snapshots } from '../../api/overview';
import { type Combination, Upset } from '../../charts/upset';
import { count } from '../../format/number';
import { dayAndTime } from '../../format/time';
import { Dialog } from '../../parts/dialog';
import { done } from '../../parts/notify';
import { Panel } from '../../parts/panel';
import { Trouble } from '../../parts/trouble';
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import { charts as chartsTexts } from '../../texts/en/charts';
import { People } from './composition';
import { type Draft, type Side, withAdded } from './draft';
import type { Names } from './names';

/** Members of a combination that are shown. */
const SAMPLE = 5;

interface OverlapProps {
  draft: Draft;
  change: (changed: Partial<Draft>) => void;
  names: Names;
}

/** The sets of a draft: segments, ids and lists of both sides. */
function setsOf(draft: Draft, names: Names): OverlapSet[] {
  const words = audiencesTexts;
  const of = (side: Side, label: (name: string) => string, people: string): OverlapSet[] => [
    ...side.segments.map((id) => ({ segment: id, label: label(names.segment(id)) })),
    ...(side.people.length > 0 ? [{ ids: side.people, label: people }] : []),
    ...side.lists.map((id) => ({ list: id, label: label(names.list(id)) })),
  ];
  const included = draft.match === 'everyone' ? [] : of(draft.include, (name) => name, words.overlapPeople);
  return [...included, ...of(draft.exclude, words.overlapExcluded, words.overlapExcluded(words.overlapPeople))];
}

export function OverlapPanel({ draft, change, names }: OverlapProps) {
  const words = audiencesTexts;
  const frozen = useQuery(snapshots).data ?? [];
  const [compared, setCompared] = useState<string[]>([]);
  const past = frozen.filter((one) => compared.includes(String(one.id))).map((one) => ({ snapshot: one.id, label: nameOf(one) }));
  const all = [...setsOf(draft, names), ...past];
  const sets = all.slice(0, SETS_MAX);
  const [chosen, setChosen] = useState<Combination | null>(null);
  const { data, error, refetch } = useQuery(overlap(sets));
  const isFew = sets.length < 2;
  // An answer that is kept while the next is asked for is about other sets.
  const isFitting = data?.sets.length === sets.length;
  return (
    <Panel title={words.overlap} about={isFew ? undefined : words.overlapAbout}>
      {isFew && <Text c="dimmed">{words.overlapFew}</Text>}
      {!isFew && error && <Trouble error={error} onRetry={() => void refetch()} />}
      {!isFew && !error && !isFitting && <Skeleton height={200} />}
      {!isFew && data && isFitting && (
        <Upset
          label={words.overlap}
          sets={data.sets.map((set, i) => set.label ?? names.segment(set.id ?? i))}
          combinations={data.combinations}
          onChoose={setChosen}
        />
      )}
      {all.length > SETS_MAX && (
        <Text size="sm" c="dimmed" mt="sm">
          {words.overlapMost(SETS_MAX)}
        </Text>
      )}
      {frozen.length > 0 && (
        <MultiSelect
          mt="md"
          maw="32rem"
          label={words.overlapFrozen}
          placeholder={compared.length === 0 ? words.overlapFrozenHint : undefined}
          data={frozen.map((one) => ({ value: String(one.id), label: nameOf(one) }))}
          value={compared}
          onChange={setCompared}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': words.overlapFrozenClear }}
        />
      )}
      {chosen && (
        <Chosen
          inside={chosen.sets.flatMap((i) => sets[i] ?? [])}
          outside={sets.filter((_, i) => !chosen.sets.includes(i))}
          size={chosen.count}
          onClose={() => setChosen(null)}
          onExclude={(segment) => change({ exclude: withAdded(draft.exclude, { segments: [segment] }) })}
        />
      )}
    </Panel>
  );
}

/** A snapshot, and when it was taken: they may be called alike. */
const nameOf = (one: { name: string; created_at: string }) => `${one.name}, ${dayAndTime(one.created_at)}`;

interface ChosenProps {
  inside: OverlapSet[];
  outside: OverlapSet[];
  /** People there are in it. */
  size: number;
  onClose: () => void;
  onExclude: (segment: number) => void;
}

function Chosen({ inside, outside, size, onClose, onExclude }: ChosenProps) {
  const words = audiencesTexts;
  const joined = (sets: OverlapSet[]) => sets.map((set) => set.label).join(chartsTexts.and);
  const criteria = exactly(inside, outside);
  const { data, error } = useQuery(ruleSample(criteria, SAMPLE));
  const [name, setName] = useState('');
  const queries = useQueryClient();
  const proposed = words.overlapSegment(joined(inside), outside.map((set) => set.label).join(', '));
  useEffect(() => setName(proposed), [proposed]);
  const exclude = useMutation({
    mutationFn: () => saveRule(name.trim(), criteria ?? {}),
    onSuccess: async (segment) => {
      await queries.invalidateQueries({ queryKey: ['dashboard'] });
      onExclude(segment.id);
      done(words.takesOut(count(segment.count ?? 0)));
      onClose();
    },
  });
  return (
    <Dialog onClose={onClose} title={words.overlapIn(joined(inside))} size="lg" closeButtonProps={{ 'aria-label': words.close }}>
      <Stack>
        {outside.length > 0 && (
          <Text size="sm" c="dimmed">
            {words.overlapOut(outside.map((set) => set.label).join(', '))}
          </Text>
        )}
        {error && <Trouble error={error} />}
        <Text fw={550}>{words.overlapCount(data?.count ?? size, count(data?.count ?? size))}</Text>
        {criteria && !data && !error && <Skeleton height={160} />}
        {data && <People people={data.sample} />}
        {criteria ? (
          <TextInput
            label={words.overlapSegmentName}
            description={words.overlapExcludeAbout}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        ) : (
          <Text size="sm">{words.overlapNoRule}</Text>
        )}
        {exclude.isError && <Trouble error={exclude.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words.close}
          </Button>
          {criteria && (
            <Button disabled={!name.trim()} loading={exclude.isPending} onClick={() => exclude.mutate()}>
              {words.overlapExclude}
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}
