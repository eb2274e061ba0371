// Who has consented to a channel, and how often people may be reached by it. It holds for all audiences of the channel.
import { Button, Group, Modal, NumberInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { type Channel, saveChannel } from '../../api/gates';
import { done } from '../../parts/notify';
import { Trouble } from '../../parts/trouble';
import { texts } from '../../texts/en';

interface ChannelProps {
  /** Which; a new one when empty, closed when `null`. */
  name: string | null;
  known: Channel[];
  onClose: () => void;
  onSaved: (name: string) => void;
}

export function ChannelModal({ name, known, onClose, onSaved }: ChannelProps) {
  const words = texts.audiences;
  const [called, setCalled] = useState('');
  const [consent, setConsent] = useState('');
  const [contacts, setContacts] = useState<number | string>('');
  const [days, setDays] = useState<number | string>('');
  const queries = useQueryClient();
  const before = known.find((one) => one.name === name);
  useEffect(() => {
    setCalled(name ?? '');
    setConsent(before?.consent_text ?? '');
    setContacts(before?.caps[0]?.contacts ?? '');
    setDays(before?.caps[0]?.days ?? '');
    // What is saved is read when the window opens; what is typed then stays.
  }, [name]);
  const save = useMutation({
    mutationFn: () => {
      const first = contacts === '' || days === '' ? [] : [{ contacts: Number(contacts), days: Number(days) }];
      return saveChannel(called.trim(), consent, [...first, ...(before?.caps.slice(1) ?? [])]);
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
    <Modal opened={name !== null} onClose={onClose} title={words.channelTitle} closeButtonProps={{ 'aria-label': words.close }}>
      <Stack>
        <TextInput
          label={words.channelName}
          placeholder={words.channelNameHint}
          value={called}
          disabled={Boolean(name)}
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
    </Modal>
  );
}
