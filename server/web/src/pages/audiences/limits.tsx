// What holds besides the exclusions by name: suppressions, the channel's consent and caps, people held back, a part of all.
import { Button, Group, NumberInput, Select, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, Suspense, lazy, useState } from 'react';

import { channels, suppressions } from '../../api/gates';
import { inWords } from '../../format/field';
import { count } from '../../format/number';
import { PlusSign } from '../../parts/icons';
import { Panel } from '../../parts/panel';
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import classes from './audiences.module.css';
import { type Draft, lacksReason } from './draft';

const ChannelModal = lazy(() => import('./channel').then((part) => ({ default: part.ChannelModal })));
const SuppressionModal = lazy(() => import('./suppression').then((part) => ({ default: part.SuppressionModal })));

interface LimitsProps {
  draft: Draft;
  change: (changed: Partial<Draft>) => void;
}

export function LimitsPanel(props: LimitsProps) {
  const words = audiencesTexts;
  return (
    <Panel title={words.limits} about={words.limitsAbout}>
      <div>
        <Setting>
          <Suppressions {...props} />
        </Setting>
        <Setting>
          <ChannelChoice {...props} />
        </Setting>
        <Setting>
          <HoldOut {...props} />
        </Setting>
        <Setting>
          <Split {...props} />
        </Setting>
      </div>
    </Panel>
  );
}

const Setting = ({ children }: { children: ReactNode }) => <div className={classes.setting}>{children}</div>;

function Suppressions({ draft, change }: LimitsProps) {
  const words = audiencesTexts;
  const [isAdding, setAdding] = useState(false);
  const kept = useQuery(suppressions).data;
  const toggle = (id: number, holds: boolean) =>
    change({ ignored: holds ? draft.ignored.filter((one) => one !== id) : [...draft.ignored, id] });
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={3}>{words.suppressions}</Title>
        <Button size="compact-sm" variant="subtle" leftSection={<PlusSign size={14} />} onClick={() => setAdding(true)}>
          {words.addSuppression}
        </Button>
      </Group>
      {kept?.length === 0 && (
        <Text size="sm" c="dimmed">
          {words.noSuppressions}
        </Text>
      )}
      {kept?.map((one) => (
        <Group key={one.id} justify="space-between" wrap="nowrap" gap="md">
          <Switch
            label={one.name}
            aria-label={words.holds(one.name)}
            description={[words.suppressed(count(one.count)), one.keep_days && words.keepDays(one.keep_days)].filter(Boolean).join(', ')}
            checked={!draft.ignored.includes(one.id)}
            onChange={(event) => toggle(one.id, event.currentTarget.checked)}
          />
        </Group>
      ))}
      {draft.ignored.length > 0 && (
        <TextInput
          label={words.ignoreReason}
          placeholder={words.ignoreReasonHint}
          required
          error={lacksReason(draft) && words.ignoreReasonNeeded}
          value={draft.ignoreReason}
          onChange={(event) => change({ ignoreReason: event.currentTarget.value })}
        />
      )}
      {isAdding && (
        <Suspense>
          <SuppressionModal onClose={() => setAdding(false)} />
        </Suspense>
      )}
    </Stack>
  );
}

/** What stands for no channel in a list of names; no channel can be called so. */
const NONE = '';

function ChannelChoice({ draft, change }: LimitsProps) {
  const words = audiencesTexts;
  const [edited, setEdited] = useState<string | null>(null);
  const known = useQuery(channels).data ?? [];
  const chosen = known.find((one) => one.name === draft.channel);
  const names = [...new Set([...known.map((one) => one.name), ...(draft.channel ? [draft.channel] : [])])];
  return (
    <Stack gap="sm">
      <Group align="flex-end" gap="sm">
        <Select
          label={words.channel}
          data={[{ value: NONE, label: words.noChannel }, ...names.map((name) => ({ value: name, label: name }))]}
          value={draft.channel ?? NONE}
          onChange={(value) => change({ channel: value || null })}
          allowDeselect={false}
          flex="1 1 12rem"
        />
        <Button variant="default" onClick={() => setEdited(draft.channel ?? '')}>
          {draft.channel ? words.editChannel : words.newChannel}
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        {chosen ? toldOf(chosen) : words.channelAbout}
      </Text>
      {edited !== null && (
        <Suspense>
          <ChannelModal
            name={edited}
            known={known}
            onClose={() => setEdited(null)}
            onSaved={(name) => change({ channel: name })}
          />
        </Suspense>
      )}
    </Stack>
  );
}

function toldOf(channel: { consent_text?: string | null; caps: { contacts: number; days: number }[] }): string {
  const words = audiencesTexts;
  const consent = channel.consent_text ? words.consent(inWords(channel.consent_text)) : words.consentEverybody;
  const caps = channel.caps.map((cap) => words.cap(cap.contacts, cap.days));
  return [consent, ...(caps.length > 0 ? caps : [words.noCap])].join('. ') + '.';
}

/** The share that is held back when somebody turns it on. */
const HELD_BACK = 5;

/** The word draws go by when nobody gives another: the same for all audiences, so that the same people are held back. */
const SALT = 'holdout';

function HoldOut({ draft, change }: LimitsProps) {
  const words = audiencesTexts;
  const { holdout } = draft;
  return (
    <Stack gap="sm">
      <Switch
        label={words.holdout}
        description={words.holdoutAbout}
        checked={holdout !== null}
        onChange={(event) => change({ holdout: event.currentTarget.checked ? { percent: HELD_BACK, salt: SALT } : null })}
      />
      {holdout && (
        <Group gap="sm" align="flex-start" grow>
          <Percent
            label={words.percent}
            value={holdout.percent}
            onChange={(percent) => change({ holdout: { ...holdout, percent } })}
          />
          <Salt value={holdout.salt} onChange={(salt) => change({ holdout: { ...holdout, salt } })} />
        </Group>
      )}
    </Stack>
  );
}

/** The word splits go by when nobody gives another. */
const SPLIT_SALT = 'split';

function Split({ draft, change }: LimitsProps) {
  const words = audiencesTexts;
  const { split } = draft;
  return (
    <Stack gap="sm">
      <Switch
        label={words.split}
        description={words.splitAbout}
        checked={split !== null}
        onChange={(event) => change({ split: event.currentTarget.checked ? { from: 0, to: 50, salt: SPLIT_SALT } : null })}
      />
      {split && (
        <Group gap="sm" align="flex-start" grow>
          <Percent label={words.splitFrom} value={split.from} onChange={(from) => change({ split: { ...split, from } })} />
          <Percent label={words.splitTo} value={split.to} onChange={(to) => change({ split: { ...split, to } })} />
          <Salt value={split.salt} onChange={(salt) => change({ split: { ...split, salt } })} />
        </Group>
      )}
    </Stack>
  );
}

function Percent(props: { label: string; value: number; onChange: (value: number) => void }) {
  return (
    <NumberInput
      label={props.label}
      value={props.value}
      onChange={(value) => typeof value === 'number' && props.onChange(value)}
      min={0}
      max={100}
      decimalScale={4}
      clampBehavior="strict"
      suffix=" %"
    />
  );
}

function Salt(props: { value: string; onChange: (value: string) => void }) {
  const words = audiencesTexts;
  return (
    <TextInput
      label={words.salt}
      description={words.saltAbout}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  );
}
