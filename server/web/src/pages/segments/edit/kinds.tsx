// What a new segment can be: a rule, people by their ids, or people who are like others.
import { Group } from '@mantine/core';
import { memo } from 'react';

import { ButtonLink } from '../../../parts/link';
import { made as madeTexts } from '../../../texts/en/made';

/** Kinds that are no rule; the address says which. */
export type Kind = 'list' | 'alike';

export const Kinds = memo(function Kinds({ kind }: { kind: Kind | undefined }) {
  const words = madeTexts;
  const all = [undefined, 'list', 'alike'] as const;
  return (
    <Group component="nav" gap="xs" aria-label={words.kinds}>
      {all.map((one) => (
        <ButtonLink
          key={one ?? 'rule'}
          to="/app/segments/new"
          search={{ kind: one }}
          size="xs"
          variant={one === kind ? 'filled' : 'default'}
          aria-current={one === kind ? 'page' : undefined}
        >
          {words.kind[one ?? 'rule']}
        </ButtonLink>
      ))}
    </Group>
  );
});
