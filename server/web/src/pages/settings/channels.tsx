// Channels: who consents to them, how often people may be contacted by them, and contacts that are noted by hand.
import { Button, Card, Group, NumberInput, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import type { Schemas } from '../../api/client';
import { channels, contacted, saveChannel } from '../../api/gates';
import { count } from '../../format/number';
import { ChangeDialog } from '../../parts/change-dialog';
import { Empty } from '../../parts/empty';
import { PlusSign } from '../../parts/icons';
import { useInWords } from '../../parts/in-words';
import { May } from '../../parts/may';
import { settings as settingsTexts } from '../../texts/en/settings';
import { IdsDialog } from './ids-dialog';
import { Section } from './section';

type Channel = Schemas['ChannelAnswer'] & { masked?: string[] };

export function Channels() {
  const words = settingsTexts;
  const told = useQuery(channels);
  const inWords = useInWords();
  const rule = (text: string | null | undefined) => text && inWords(text);
  const [edited, setEdited] = useState<Channel | 'new'>();
  const [noted, setNoted] = useState<Channel>();
  return (
    <Section
      about={words.channelsAbout}
      asked={told}
      actions={
        <May right="administer">
          <Button leftSection={<PlusSign size={16} />} onClick={() => setEdited('new')}>
            {words.newChannel}
          </Button>
        </May>
      }
    >
      {told.data?.length === 0 && <Empty title={words.noChannels}>{words.noChannelsAbout}</Empty>}
      {(told.data as Channel[] | undefined)?.map((channel) => (
        <Card key={channel.name} component="section" aria-label={channel.name}>
          <Group justify="space-between" align="flex-start">
            <div>
              <Title order={2}>{channel.name}</Title>
              <Text size="sm" mt={4}>
                {channel.masked ? words.hiddenRule : (rule(channel.consent_text) ?? (channel.purpose ? words.onlyWhoSaid : words.everybody))}
              </Text>
              <Text size="sm" c="dimmed">
                {channel.caps.length === 0 ? words.noCap : channel.caps.map((cap) => words.cap(cap.contacts, cap.days)).join(', ')}
                {' · '}
                {words.contacts(count(channel.contacts))}
                {said(channel)}
              </Text>
            </div>
            <Group gap={6}>
              <May right="write">
                <Button size="compact-sm" variant="default" aria-label={words.noteOf(channel.name)} onClick={() => setNoted(channel)}>
                  {words.note}
                </Button>
              </May>
              <May right="administer">
                <Button size="compact-sm" variant="default" aria-label={words.editOf(channel.name)} onClick={() => setEdited(channel)}>
                  {words.edit}
                </Button>
              </May>
            </Group>
          </Group>
        </Card>
      ))}
      {edited && <Edit channel={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
      {noted && (
        <IdsDialog title={words.noteOf(noted.name)} submit={words.note} ask={(ids) => contacted(noted.name, ids)} onClose={() => setNoted(undefined)} />
      )}
    </Section>
  );
}

/** How many people have said what about the channel's purpose. */
function said({ purpose, purposes }: Channel): string {
  if (!purpose) return '';
  const told = purposes.find((one) => one.name === purpose);
  return ` · ${settingsTexts.said(purpose, count(told?.granted ?? 0), count(told?.withdrawn ?? 0))}`;
}

function Edit({ channel, onClose }: { channel: Channel | undefined; onClose: () => void }) {
  const words = settingsTexts;
  const [name, setName] = useState(channel?.name ?? '');
  const [consent, setConsent] = useState(channel?.consent_text ?? '');
  // One cap is what people have; others that were set elsewhere stay.
  const [cap, ...others] = channel?.caps ?? [];
  const [contacts, setContacts] = useState<string | number>(cap?.contacts ?? '');
  const [days, setDays] = useState<string | number>(cap?.days ?? 7);
  const [purpose, setPurpose] = useState(channel?.purpose ?? '');
  const save = () =>
    saveChannel(name.trim(), {
      ...(consent.trim() ? { consent_text: consent.trim() } : {}),
      ...(purpose.trim() ? { purpose: purpose.trim() } : {}),
      caps: [...(contacts === '' ? [] : [{ contacts: Number(contacts), days: Number(days) }]), ...others],
    });
  return (
    <ChangeDialog
      title={channel ? words.editOf(channel.name) : words.newChannel}
      submit={words.save}
      ask={save}
      said={() => words.channelSaved(name.trim())}
      onClose={onClose}
    >
      {!channel && (
        <TextInput label={words.channel} placeholder={words.channelHint} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
      )}
      <TextInput
        label={words.consent}
        placeholder={words.consentHint}
        description={words.consentAbout}
        value={consent}
        onChange={(event) => setConsent(event.currentTarget.value)}
        spellCheck={false}
      />
      <TextInput
        label={words.purpose}
        placeholder={words.purposeHint}
        description={words.purposeAbout}
        value={purpose}
        onChange={(event) => setPurpose(event.currentTarget.value)}
        spellCheck={false}
      />
      <Group grow align="flex-start">
        <NumberInput label={words.capContacts} value={contacts} onChange={setContacts} min={1} allowDecimal={false} hideControls />
        <NumberInput label={words.capDays} value={days} onChange={setDays} min={1} allowDecimal={false} hideControls />
      </Group>
    </ChangeDialog>
  );
}
