// More people like those of a segment: saved as a segment of its own, and included.
import { Button, Group, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { saveLookalike } from '../../api/overlaps';
import { count } from '../../format/number';
import { Dialog } from '../../parts/dialog';
import { done } from '../../parts/notify';
import { Trouble } from '../../parts/trouble';
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import type { Names } from './names';

/** People that are proposed. */
const PROPOSED = 1_000;

interface LookalikeProps {
  /** The segment others are to be like. */
  source: number;
  names: Names;
  onClose: () => void;
  onMade: (segment: number) => void;
}

export function LookalikeModal({ source, names, onClose, onMade }: LookalikeProps) {
  const words = audiencesTexts;
  const [size, setSize] = useState<number | string>(PROPOSED);
  const queries = useQueryClient();
  const called = names.segment(source);
  const [name, setName] = useState(words.lookalikeName(called));
  const make = useMutation({
    mutationFn: () => saveLookalike(name, source, Number(size)),
    onSuccess: async (segment) => {
      await queries.invalidateQueries({ queryKey: ['dashboard'] });
      done(words.lookalikeMade(segment.name, count(segment.count ?? 0)));
      onMade(segment.id);
      onClose();
    },
  });
  return (
    <Dialog onClose={onClose} title={words.lookalikeTitle(called)} closeButtonProps={{ 'aria-label': words.close }}>
      <Stack>
        <Text size="sm" c="dimmed">
          {words.lookalikeAbout}
        </Text>
        <NumberInput label={words.lookalikeSize} value={size} onChange={setSize} min={1} allowDecimal={false} thousandSeparator="," />
        <TextInput label={words.lookalikeNameLabel} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        {make.isError && <Trouble error={make.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
          <Button loading={make.isPending} disabled={!name.trim() || Number(size) < 1} onClick={() => make.mutate()}>
            {words.lookalikeMake}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
