// What was written the last time and not saved, offered back.
import { Alert, Button, Group, Text } from '@mantine/core';

import { dayAndTime } from '../../../format/time';
import { builder as builderTexts } from '../../../texts/en/builder';
import type { Writing } from './draft';

export function Offer({ writing }: { writing: Writing }) {
  const words = builderTexts;
  if (!writing.offered) return null;
  return (
    <Alert variant="default" role="status" title={words.draftTitle}>
      <Text size="sm">{words.draftAbout(dayAndTime(writing.offered.at))}</Text>
      <Group gap="xs" mt="xs">
        <Button size="xs" onClick={writing.take}>
          {words.draftTake}
        </Button>
        <Button size="xs" variant="default" onClick={writing.drop}>
          {words.draftDrop}
        </Button>
      </Group>
    </Alert>
  );
}
