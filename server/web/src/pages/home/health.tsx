// What is amiss: fields that most people have no value for, and rules that say something in vain.
import { Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import type { Schemas } from '../../api/client';
import { findings } from '../../api/overview';
import { Bars } from '../../charts/bars';
import { inWords, readable } from '../../format/field';
import { share } from '../../format/number';
import { Fine } from '../../parts/fine';
import { WarningSign } from '../../parts/icons';
import { TextLink } from '../../parts/link';
import { Panel } from '../../parts/panel';
import { Trouble } from '../../parts/trouble';
import { home as homeTexts } from '../../texts/en/home';

/** The share of people without a value from which on a field is mentioned. */
const MANY = 0.5;
/** Fields and findings that are shown. */
const SHOWN = 5;

interface HealthPanelProps {
  schema: Schemas['SchemaAnswer'] | undefined;
  segments: Schemas['DashboardSegment'][] | undefined;
}

export function HealthPanel({ schema, segments }: HealthPanelProps) {
  return (
    <Panel title={homeTexts.health}>
      <Stack gap="lg">
        {schema ? <Missing schema={schema} /> : <Skeleton height={120} />}
        {segments && <Findings segments={segments.filter((one) => one.segment_type === 'dynamic')} />}
      </Stack>
    </Panel>
  );
}

function Missing({ schema }: { schema: Schemas['SchemaAnswer'] }) {
  const words = homeTexts;
  const bars = schema.fields
    .map(({ name, missing }) => ({ name: readable(name), value: schema.population === 0 ? 0 : missing / schema.population }))
    .filter((bar) => bar.value > MANY)
    .sort((a, b) => b.value - a.value)
    .slice(0, SHOWN)
    .map((bar) => ({ ...bar, told: share(bar.value) }));
  if (bars.length === 0) return <Fine>{words.noMissing}</Fine>;
  return (
    <div>
      <Title order={3} mb="sm">
        {words.missing}
      </Title>
      <Bars label={words.missing} head={words.missingHead} bars={bars} whole={1} />
    </div>
  );
}

function Findings({ segments }: { segments: Schemas['DashboardSegment'][] }) {
  const words = homeTexts;
  const { data, error, refetch } = useQuery({ ...findings(segments), placeholderData: undefined });
  if (error) return <Trouble error={error} onRetry={() => void refetch()} />;
  if (segments.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {words.noRules}
      </Text>
    );
  }
  if (data?.length === 0) return <Fine>{words.noFindings}</Fine>;
  return (
    <div>
      <Title order={3} mb="sm">
        {words.findings}
      </Title>
      {!data && (
        <Text size="sm" c="dimmed">
          {words.checking}
        </Text>
      )}
      <Stack gap="sm">
        {data?.slice(0, SHOWN).map(({ segment, code, message }, i) => (
          <Group key={`${segment.id} ${code} ${i}`} gap={10} wrap="nowrap" align="flex-start">
            <span style={{ color: 'var(--warn)', flexShrink: 0, marginTop: 2 }}>
              <WarningSign />
            </span>
            <Text size="sm">
              <TextLink to="/app/segments/$id" params={{ id: String(segment.id) }} inherit>
                {segment.name}
              </TextLink>
              : {inWords(message)}
            </Text>
          </Group>
        ))}
        {data && data.length > SHOWN && (
          <Text size="sm" c="dimmed">
            {words.moreFindings(data.length - SHOWN)}
          </Text>
        )}
      </Stack>
    </div>
  );
}
