// What was typed meets what somebody else saved, or what was typed last time.
import { Alert, Button, Group, Text } from '@mantine/core';

import { ButtonLink } from '../../parts/link';
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import type { DraftState } from './kept';

export function DraftNotes({ state }: { state: DraftState }) {
  const words = audiencesTexts;
  const { newer, base } = state;
  if (newer) {
    return (
      <Alert role="alert" color="yellow" variant="default" title={words.conflict(newer.changed_by, newer.version)}>
        <Text size="sm">{words.conflictAbout}</Text>
        <Group gap="sm" mt="sm">
          <ButtonLink
            size="xs"
            variant="default"
            to="/app/audiences/$id"
            params={{ id: String(newer.id) }}
            search={{ tab: 'versions', from: base ?? undefined, to: newer.version }}
          >
            {words.conflictShow}
          </ButtonLink>
          <Button size="xs" variant="default" onClick={state.discard}>
            {words.conflictTheirs}
          </Button>
          <Button size="xs" onClick={state.rebase}>
            {words.conflictMine}
          </Button>
        </Group>
      </Alert>
    );
  }
  if (!state.isFound) return null;
  return (
    <Alert role="status" variant="default">
      <Text size="sm">{words.found_}</Text>
    </Alert>
  );
}
