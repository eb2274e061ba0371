// Who answers for an audience, and which campaign it is for.
import { Group, NumberInput, TextInput } from '@mantine/core';

import { audiences as audiencesTexts } from '../../texts/en/audiences';
import type { Draft } from './draft';

interface OwnerProps {
  draft: Draft;
  change: (changed: Partial<Draft>) => void;
}

export function OwnerAndCampaign({ draft, change }: OwnerProps) {
  const words = audiencesTexts;
  return (
    <Group gap="sm" align="flex-start" grow>
      <TextInput label={words.owner} value={draft.owner} onChange={(event) => change({ owner: event.currentTarget.value })} />
      <NumberInput
        label={words.campaign}
        value={draft.campaign ?? ''}
        onChange={(value) => change({ campaign: typeof value === 'number' ? value : null })}
        min={0}
        allowDecimal={false}
      />
    </Group>
  );
}
