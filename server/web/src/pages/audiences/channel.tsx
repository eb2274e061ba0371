// Who has consented to a channel, and how often people may be reached by it. It holds for all audiences of the channel.
import { Button, Group, NumberInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { type Channel, saveChannel } from '../../api/gates';
import { Dialog } from '../../parts/dialog';
import { done } from '../../parts/notify';
import { Trouble } from '../../parts/trouble';
import { audiences as audiencesTexts } from '../../texts/en/audiences';

interface ChannelProps {
  /** Which; a new one when empty. */
  name: string;
  known: Channel[];
  onClose: () => void;
  onSaved: (name: string) => void;
}

export function ChannelModal({ name, known, onClose, onSaved }: ChannelProps) {
  const words = audiencesTexts;
  const before = known.find((one) => one.name === name);
  const [called, setCalled] = useState(name);
  const [consent, setConsent] = useState(before?.consent_text ?? '');
  const [contacts, setContacts] = useState<number | string>(before?.caps[0]?.contacts ?? '');
  const [days, setDays] = useState<number | string>(before?.caps[0]?.days ?? '');
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () => {
      const first = contacts === '' || days === '' ? [] : [{ contacts: Number(contacts), days: Number(days) }];
      const caps = [...first, ...(before?.caps.slice(1) ?? [])];
      return saveChannel(called.trim(), consent.trim() === '' ? { caps } : { consent_text: consent, caps });
    },
    onSuccess: async (saved) => {
      await queries.invalidateQueries({ queryKey: ['channels'] });
      void queries.invalidateQueries({ queryKey: ['audience-preview'] });
      done(words.channelSaved(saved.name));
      onSaved(saved.name);
      onClose();
    },
  });
  return (
    <Dialog isForm onClose={onClose} title={words.channelTitle} closeButtonProps={{ 'aria-label': words.close }}>
      <Stack>
        <TextInput
          label={words.channelName}
          placeholder={words.channelNameHint}
          value={called}
          disabled={name !== ''}
          onChange={(event) => setCalled(event.currentTarget.value)}
          data-autofocus
        />
        <TextInput
          label={words.channelConsent}
          description={words.channelConsentHint}
          value={consent}
          onChange={(event) => setConsent(event.currentTarget.value)}
        />
        <Group grow>
          <NumberInput label={words.capContacts} value={contacts} onChange={setContacts} min={1} allowDecimal={false} />
          <NumberInput label={words.capDays} value={days} onChange={setDays} min={1} allowDecimal={false} />
        </Group>
        {save.isError && <Trouble error={save.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
          <Button disabled={!called.trim()} loading={save.isPending} onClick={() => save.mutate()}>
            {words.save}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
