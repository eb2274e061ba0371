// A new suppression: people of an uploaded list, or nobody yet, for ever or for some days.
import { Button, Group, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { addSuppression } from '../../api/gates';
import { lists } from '../../api/lists';
import { Dialog } from '../../parts/dialog';
import { done } from '../../parts/notify';
import { Trouble } from '../../parts/trouble';
import { audiences as audiencesTexts } from '../../texts/en/audiences';

export function SuppressionModal({ onClose }: { onClose: () => void }) {
  const words = audiencesTexts;
  const [name, setName] = useState('');
  const [list, setList] = useState<string | null>(null);
  const [days, setDays] = useState<number | string>('');
  const uploaded = useQuery(lists).data ?? [];
  const queries = useQueryClient();
  const add = useMutation({
    mutationFn: () =>
      addSuppression({
        name: name.trim(),
        list: list === null ? null : Number(list),
        keep_days: days === '' ? null : Number(days),
      }),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ['suppressions'] });
      void queries.invalidateQueries({ queryKey: ['audience-preview'] });
      done(words.suppressionAdded(made.name));
      onClose();
    },
  });
  return (
    <Dialog isForm onClose={onClose} title={words.suppressionTitle} closeButtonProps={{ 'aria-label': words.close }}>
      <Stack>
        <TextInput
          label={words.suppressionName}
          placeholder={words.suppressionNameHint}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Select
          label={words.suppressionList}
          description={words.suppressionListHint}
          data={uploaded.map((one) => ({ value: String(one.id), label: one.name }))}
          value={list}
          onChange={setList}
          clearable
          clearButtonProps={{ 'aria-label': words.clear }}
          searchable
        />
        <NumberInput
          label={words.suppressionDays}
          description={words.suppressionDaysHint}
          value={days}
          onChange={setDays}
          min={1}
          allowDecimal={false}
        />
        {add.isError && <Trouble error={add.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
          <Button disabled={!name.trim()} loading={add.isPending} onClick={() => add.mutate()}>
            {words.suppressionAdd}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
