// Whom the chosen sets share, as an UpSet; a column can be looked into, and kept out.
import { Button, Group, Modal, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { type OverlapSet, SETS_MAX, exactly, overlap, ruleSample, saveRule } from '../../api/overlaps';
import { type Combination, Upset } from '../../charts/upset';
import { count } from '../../format/number';
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

/** The sets of a draft that the server can compare: segments and ids of both sides. */
function setsOf(draft: Draft, names: Names): OverlapSet[] {
  const words = audiencesTexts;
  const of = (side: Side, label: (name: string) => string, people: string): OverlapSet[] => [
    ...side.segments.map((id) => ({ segment: id, label: label(names.segment(id)) })),
    ...(side.people.length > 0 ? [{ ids: side.people, label: people }] : []),
  ];
  const included = draft.match === 'everyone' ? [] : of(draft.include, (name) => name, words.overlapPeople(words.include.title));
  return [...included, ...of(draft.exclude, words.overlapExcluded, words.overlapPeople(words.exclude.title))];
}

export function OverlapPanel({ draft, change, names }: OverlapProps) {
  const words = audiencesTexts;
  const all = setsOf(draft, names);
  const sets = all.slice(0, SETS_MAX);
  const [chosen, setChosen] = useState<Combination | null>(null);
  const { data, error, refetch } = useQuery(overlap(sets));
  const isFew = sets.length < 2;
  // An answer that is kept while the next is asked for is about other sets.
  const isFitting = data?.sets.length === sets.length;
  const hasLists = draft.include.lists.length + draft.exclude.lists.length > 0;
  const notes = [
    ...(all.length > SETS_MAX ? [words.overlapMost(SETS_MAX)] : []),
    ...(hasLists ? [words.overlapLists] : []),
  ].join(' ');
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
      {!isFew && notes && (
        <Text size="sm" c="dimmed" mt="sm">
          {notes}
        </Text>
      )}
      {chosen && (
        <Chosen
          inside={chosen.sets.flatMap((i) => sets[i] ?? [])}
          outside={sets.filter((_, i) => !chosen.sets.includes(i))}
          onClose={() => setChosen(null)}
          onExclude={(segment) => change({ exclude: withAdded(draft.exclude, { segments: [segment] }) })}
        />
      )}
    </Panel>
  );
}

interface ChosenProps {
  inside: OverlapSet[];
  outside: OverlapSet[];
  onClose: () => void;
  onExclude: (segment: number) => void;
}

function Chosen({ inside, outside, onClose, onExclude }: ChosenProps) {
  const words = audiencesTexts;
  const joined = (sets: OverlapSet[]) => sets.map((set) => set.label).join(chartsTexts.and);
  const criteria = exactly(inside, outside);
  const { data, error } = useQuery(ruleSample(criteria, SAMPLE));
  const [name, setName] = useState('');
  const queries = useQueryClient();
  const proposed = words.overlapSegment(joined(inside), outside.map((set) => set.label).join(', '));
  useEffect(() => setName(proposed), [proposed]);
  const exclude = useMutation({
    mutationFn: () => saveRule(name.trim(), criteria),
    onSuccess: async (segment) => {
      await queries.invalidateQueries({ queryKey: ['dashboard'] });
      onExclude(segment.id);
      done(words.takesOut(count(segment.count ?? 0)));
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={words.overlapIn(joined(inside))} size="lg" closeButtonProps={{ 'aria-label': words.close }}>
      <Stack>
        {outside.length > 0 && (
          <Text size="sm" c="dimmed">
            {words.overlapOut(outside.map((set) => set.label).join(', '))}
          </Text>
        )}
        {error && <Trouble error={error} />}
        {!data && !error && <Skeleton height={160} />}
        {data && (
          <>
            <Text fw={550}>{words.overlapCount(data.count, count(data.count))}</Text>
            <People people={data.sample} />
          </>
        )}
        <TextInput
          label={words.overlapSegmentName}
          description={words.overlapExcludeAbout}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {exclude.isError && <Trouble error={exclude.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words.close}
          </Button>
          <Button disabled={!name.trim()} loading={exclude.isPending} onClick={() => exclude.mutate()}>
            {words.overlapExclude}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
