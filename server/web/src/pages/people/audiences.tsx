// Which source lets somebody into an audience, and which gate takes them out.
import { Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';

import type { Schemas } from '../../api/client';
import { dashboard } from '../../api/overview';
import { whyInAudience } from '../../api/people';
import { people as peopleTexts } from '../../texts/en/people';
import { Sign } from './explained';
import { WhyPanel } from './why-panel';

const route = getRouteApi('/app/people/$id');

export function AudiencesPanel({ id }: { id: string }) {
  const words = peopleTexts;
  const { audience } = route.useSearch();
  const navigate = route.useNavigate();
  const all = useQuery(dashboard).data?.audiences;
  const chosen = audience ?? all?.[0]?.id;
  const why = useQuery({ ...whyInAudience(chosen ?? 0, id), enabled: chosen !== undefined });
  const told = why.data;
  return (
    <WhyPanel
      title={words.audiences}
      about={words.audiencesAbout}
      none={words.noAudiences}
      label={words.audience}
      all={all}
      chosen={chosen}
      onChoose={(audience) => void navigate({ search: (before) => ({ ...before, audience }), replace: true, resetScroll: false })}
      why={why}
    >
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
    </WhyPanel>
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
