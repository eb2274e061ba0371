// Ready-made segments to begin with. Those that need what is not there are shown when asked for, with what they need; they
// cannot be chosen then.
import { Button, Skeleton, Text, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { templates as templatesQuery } from '../../../api/segments';
import { Panel } from '../../../parts/panel';
import { Trouble } from '../../../parts/trouble';
import { builder as builderTexts } from '../../../texts/en/builder';
import type { Json } from '../rule/leaf';
import classes from './edit.module.css';

export function Templates({ onRule }: { onRule: (criteria: Json) => void }) {
  const words = builderTexts;
  const asked = useQuery(templatesQuery);
  const lacks = (one: { missing_fields: string[]; missing_events: string[] }) => one.missing_fields.length + one.missing_events.length > 0;
  const all = asked.data ?? [];
  const lacking = all.filter(lacks);
  const [isAll, setAll] = useState(false);
  return (
    <Panel title={words.start} about={words.startAbout}>
      {asked.isError && <Trouble error={asked.error} onRetry={() => void asked.refetch()} />}
      {asked.isPending && <Skeleton height={120} />}
      <div className={classes.examples}>
        {[...all.filter((one) => !lacks(one)), ...(isAll ? lacking : [])].map((one) => (
          <UnstyledButton key={one.name} className={classes.example} disabled={lacks(one)} onClick={() => onRule(one.criteria as Json)}>
            <Text fw={550}>{one.title}</Text>
            <Text size="sm" c="dimmed">
              {words.sentence(one.description)}
            </Text>
            {lacks(one) && (
              <Text size="xs" c="var(--warn)" mt={4}>
                {words.lacking(one.missing_fields, one.missing_events)}
              </Text>
            )}
          </UnstyledButton>
        ))}
      </div>
      {lacking.length > 0 && !isAll && (
        <Button variant="subtle" size="compact-sm" mt="sm" style={{ alignSelf: 'flex-start' }} onClick={() => setAll(true)}>
          {words.lackingShow(lacking.length)}
        </Button>
      )}
    </Panel>
  );
}
