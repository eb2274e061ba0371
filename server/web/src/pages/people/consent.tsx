// By which channels somebody may be contacted, and the suppressions that keep them out of every audience.
import { Group, Select, Skeleton, Stack, Switch, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { type Channel as Asked, channels, consentsOf, say, suppress, suppressions } from '../../api/gates';
import { dashboard } from '../../api/overview';
import { change, whyInAudience, whyInRule } from '../../api/people';
import { dayAndTime } from '../../format/time';
import { useInWords } from '../../parts/in-words';
import { May, useMay } from '../../parts/may';
import { done, failed } from '../../parts/notify';
import { Panel } from '../../parts/panel';
import { people as peopleTexts } from '../../texts/en/people';
import { consentField } from './consent-field';
import { Sign } from './explained';

export function ConsentPanel({ id }: { id: string }) {
  const words = peopleTexts;
  const all = useQuery(channels).data;
  return (
    <Panel title={words.consent} about={words.consentAbout}>
      <Stack gap="lg">
        <Stack gap="sm">
          {!all && <Skeleton height={60} />}
          {all?.length === 0 && <Text c="dimmed">{words.noChannels}</Text>}
          {all?.map((channel) => (
            <Channel key={channel.name} id={id} channel={channel} />
          ))}
        </Stack>
        <Suppressions id={id} />
      </Stack>
    </Panel>
  );
}

function Channel({ id, channel }: { id: string; channel: Asked }) {
  const { name, consent, purpose } = channel;
  const rule = channel.consent_text ?? undefined;
  const inWords = useInWords();
  const toldRule = rule && inWords(rule);
  const words = peopleTexts;
  const queries = useQueryClient();
  const mayChange = useMay('administer');
  const why = useQuery({ ...whyInRule(rule ?? '', id), enabled: rule !== undefined });
  const all = useQuery(consentsOf(id)).data;
  const said = all?.find((one) => one.channel === name && one.purpose === purpose);
  const field = consentField(consent);
  const save = useMutation<unknown, Error, boolean>({
    mutationFn: (next) =>
      purpose
        ? say(id, { channel: name, purpose, state: next ? 'granted' : 'withdrawn', source: words.consentSource })
        : change(id, { [field ?? '']: next }),
    onSuccess: async (_, next) => {
      await queries.invalidateQueries({ queryKey: ['person', id] });
      done(words.consentSaved(name, next));
    },
    onError: failed,
  });
  const byRule = rule === undefined ? !purpose : why.data?.in;
  const holds = purpose && !all ? undefined : said ? said.state === 'granted' : byRule;
  const isSet = Boolean(purpose || field);
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      <div>
        <Text size="sm" fw={550}>
          {name}
        </Text>
        <Text size="xs" c="dimmed">
          {purpose ? words.purpose(purpose, toldRule) : (toldRule ?? words.everybodyConsents)}
        </Text>
        {said && (
          <Text size="xs" c="dimmed">
            {words.saidConsent(said.state, said.source, dayAndTime(said.time))}
          </Text>
        )}
      </div>
      {holds === undefined && <Skeleton height={20} width={90} />}
      {holds !== undefined && isSet && mayChange && (
        <Switch
          aria-label={words.consentSwitch(name)}
          checked={holds}
          disabled={save.isPending}
          onChange={(event) => save.mutate(event.currentTarget.checked)}
        />
      )}
      {holds !== undefined && !(isSet && mayChange) && (
        <Group gap={6} wrap="nowrap">
          <Sign holds={holds} told={holds ? words.consents : words.refuses} />
          <Text size="sm" aria-hidden>
            {holds ? words.consents : words.refuses}
          </Text>
        </Group>
      )}
    </Group>
  );
}

function Suppressions({ id }: { id: string }) {
  const words = peopleTexts;
  const queries = useQueryClient();
  const all = useQuery(suppressions).data ?? [];
  // Gates are told with an audience, and suppressions are gates of every one.
  const audience = useQuery(dashboard).data?.audiences[0]?.id;
  const told = useQuery({ ...whyInAudience(audience ?? 0, id), enabled: audience !== undefined }).data;
  const on = told?.gates.filter((gate) => gate.kind === 'suppression' && gate.holds).map((gate) => gate.name ?? '');
  const open = all.filter((one) => one.list == null && !on?.includes(one.name));
  const add = useMutation({
    mutationFn: (suppression: number) => suppress(suppression, [id]),
    onSuccess: async (_, suppression) => {
      await queries.invalidateQueries();
      done(words.suppressed(all.find((one) => one.id === suppression)?.name ?? ''));
    },
    onError: failed,
  });
  if (all.length === 0) return null;
  return (
    <div>
      <Title order={3} mb={6}>
        {words.suppressions}
      </Title>
      <Text size="sm" c={on?.length ? undefined : 'dimmed'}>
        {on === undefined ? words.suppressionsUnknown : on.length === 0 ? words.noSuppressions : on.join(', ')}
      </Text>
      <May right="write">
        {open.length > 0 && (
          <Select
            mt="sm"
            label={words.suppress}
            data={open.map((one) => ({ value: String(one.id), label: one.name }))}
            value={null}
            onChange={(next) => next && add.mutate(Number(next))}
            disabled={add.isPending}
          />
        )}
      </May>
    </div>
  );
}
