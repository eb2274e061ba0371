// Which source lets somebody into an audience, and which gate takes them out.
import { Group, Select, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';

import type { Schemas } from '../../api/client';
import { dashboard } from '../../api/overview';
import { whyInAudience } from '../../api/people';
import { Panel } from '../../parts/panel';
import { Trouble } from '../../parts/trouble';
import { people as peopleTexts } from '../../texts/en/people';
import { Sign } from './explained';

const route = getRouteApi('/app/people/$id');

export function AudiencesPanel({ id }: { id: string }) {
  const words = peopleTexts;
  const { audience } = route.useSearch();
  const navigate = route.useNavigate();
  const all = useQuery(dashboard).data?.audiences;
  const chosen = audience ?? all?.[0]?.id;
  const why = useQuery({ ...whyInAudience(chosen ?? 0, id), enabled: chosen !== undefined });
  const told = why.data;
  const choose = (next: string | null) =>
    void navigate({ search: (before) => ({ ...before, audience: Number(next) }), replace: true, resetScroll: false });
  return (
    <Panel title={words.audiences} about={words.audiencesAbout}>
      {all?.length === 0 && <Text c="dimmed">{words.noAudiences}</Text>}
      {all && all.length > 0 && (
        <Stack gap="md">
          <Select
            label={words.audience}
            data={all.map((one) => ({ value: String(one.id), label: one.name }))}
            value={chosen === undefined ? null : String(chosen)}
            onChange={choose}
            allowDeselect={false}
            searchable
          />
          {why.isError && <Trouble error={why.error} />}
          {why.isPending && <Skeleton height={120} />}
          {told && (
            <>
              <Group gap={8} wrap="nowrap">
                <Sign holds={told.in} told={told.in ? words.isIn : words.isOut} />
                <Text fw={550}>{verdict(told)}</Text>
              </Group>
              <Gates title={words.sources} gates={told.sources} isGood />
              {told.gates.length > 0 && <Gates title={words.gates} gates={told.gates} />}
            </>
          )}
        </Stack>
      )}
    </Panel>
  );
}

function verdict(told: Schemas['ExplainedMemberAnswer']): string {
  const words = peopleTexts;
  if (told.reason === 'included') return words.included;
  if (told.reason === 'not_included') return words.not_included;
  const gate = told.gates.find((one) => one.holds);
  return words.excluded(gate ? nameOf(gate) : (told.removed_by ?? ''));
}

const nameOf = (gate: Schemas['GateAnswer']) =>
  [peopleTexts.gateKinds[gate.kind] ?? gate.kind, gate.name && `“${gate.name}”`].filter(Boolean).join(' ');

/** Sources let in whom they have, gates take out whom they have: the same sign means well for one and ill for the other. */
function Gates({ title, gates, isGood = false }: { title: string; gates: Schemas['GateAnswer'][]; isGood?: boolean }) {
  const words = peopleTexts;
  const told = (holds: boolean) => (isGood ? (holds ? words.has : words.hasNot) : holds ? words.stops : words.lets);
  return (
    <div>
      <Title order={3} mb={4}>
        {title}
      </Title>
      <Stack gap={4}>
        {gates.map((gate, i) => (
          <Group key={`${gate.code} ${gate.id} ${gate.name} ${i}`} gap={8} wrap="nowrap" align="flex-start">
            <Sign holds={gate.holds === isGood} told={told(gate.holds)} />
            <Text size="sm">
              {nameOf(gate)}{' '}
              <Text span inherit c="dimmed" aria-hidden>
                {told(gate.holds)}
              </Text>
            </Text>
          </Group>
        ))}
      </Stack>
    </div>
  );
}
