// What an audience is called and what it is for.
import { Group, Skeleton, Stack, TagsInput, TextInput, Textarea, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Suspense, lazy, useState } from 'react';

import { dashboard } from '../../api/overview';
import { Panel } from '../../parts/panel';
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import classes from './audiences.module.css';
import type { Draft } from './draft';

const OwnerAndCampaign = lazy(() => import('./owner').then((part) => ({ default: part.OwnerAndCampaign })));

interface DetailsProps {
  draft: Draft;
  change: (changed: Partial<Draft>) => void;
  nameError: string | undefined;
}

export function DetailsPanel({ draft, change, nameError }: DetailsProps) {
  const words = audiencesTexts;
  const [isMore, setMore] = useState(draft.owner !== '' || draft.campaign !== null);
  const known = useQuery(dashboard).data?.audiences.flatMap((one) => one.tags) ?? [];
  return (
    <Panel title={words.details}>
      <Stack gap="sm">
        <TextInput
          label={words.name}
          placeholder={words.nameHint}
          value={draft.name}
          error={nameError}
          onChange={(event) => change({ name: event.currentTarget.value })}
          required
        />
        <Group gap="sm" align="flex-start" grow preventGrowOverflow={false}>
          <Textarea
            label={words.description}
            value={draft.description}
            autosize
            minRows={1}
            maxRows={4}
            onChange={(event) => change({ description: event.currentTarget.value })}
            flex="2 1 16rem"
          />
          <TagsInput
            label={words.tags}
            placeholder={draft.tags.length === 0 ? words.tagsHint : undefined}
            data={[...new Set(known)].sort()}
            value={draft.tags}
            onChange={(tags) => change({ tags: tags.map((tag) => tag.toLowerCase()) })}
            flex="1 1 12rem"
          />
        </Group>
        {isMore ? (
          <Suspense fallback={<Skeleton height={60} />}>
            <OwnerAndCampaign draft={draft} change={change} />
          </Suspense>
        ) : (
          <div>
            <UnstyledButton className={classes.textButton} fz="sm" onClick={() => setMore(true)}>
              {words.moreDetails}
            </UnstyledButton>
          </div>
        )}
      </Stack>
    </Panel>
  );
}
