// Before a saved audience is saved anew: what changes, in words and in people.
import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';

import { change as signed, count } from '../../format/number';
import { Dialog } from '../../parts/dialog';
import { Trouble } from '../../parts/trouble';
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import { changesOf, isLarge, peopleIn } from './changes';
import type { Draft } from './draft';
import type { Names } from './names';
import { usePeopleNames } from './people-names';
import { valueTold } from './told';

interface ConfirmProps {
  original: Draft;
  draft: Draft;
  names: Names;
  /** The status it has and the one it is saved with; none of a new one. */
  statuses: [string | undefined, string];
  /** Sizes as saved and as it would be. */
  before: number;
  after: number | undefined;
  /** The version that saving would make. */
  version: number;
  isEveryone: boolean;
  isSaving: boolean;
  error: unknown;
  onSave: () => void;
  onClose: () => void;
}

export function ConfirmModal(props: ConfirmProps) {
  const { original, draft, statuses, before, after, version, isEveryone, isSaving, error, onSave, onClose } = props;
  const words = audiencesTexts;
  const [isMeant, setMeant] = useState(false);
  const names = { ...props.names, person: usePeopleNames(peopleIn(original, draft)) };
  const [was, is] = statuses.map((status) => status && valueTold('status', status, names));
  const isMoved = was !== undefined && was !== is;
  const changes = [
    ...changesOf(original, draft, names),
    ...(isMoved ? [{ about: words.changes.status ?? '', lines: [words.changeFromTo(was, is ?? '')] }] : []),
  ];
  const asks = isEveryone || (after !== undefined && isLarge(before, after));
  return (
    <Dialog onClose={onClose} title={words.confirmTitle} closeButtonProps={{ 'aria-label': words.close }} size="lg">
      <Stack>
        {changes.map((one) => (
          <div key={one.about}>
            <Text size="sm" c="dimmed">
              {one.about}
            </Text>
            {one.lines.map((line) => (
              <Text key={line}>{line}</Text>
            ))}
          </div>
        ))}
        <Group gap="xl">
          <Figure label={words.confirmBefore} value={count(before)} />
          <Figure
            label={words.confirmAfter}
            value={after === undefined ? '…' : count(after)}
            note={after === undefined ? '' : signed(after - before)}
          />
        </Group>
        {asks && (
          <Checkbox
            label={isEveryone ? words.confirmEveryone : words.confirmMeant}
            checked={isMeant}
            onChange={(event) => setMeant(event.currentTarget.checked)}
          />
        )}
        {error !== null && <Trouble error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
          <Button onClick={onSave} loading={isSaving} disabled={asks && !isMeant}>
            {words.confirmSave(version)}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

function Figure({ label, value, note }: { label: string; value: string; note?: string }) {
  return (
    <div>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text fz="xl" fw={620} style={{ fontVariantNumeric: 'tabular-nums' }}>
        {value}{' '}
        <Text span c="dimmed" size="sm">
          {note}
        </Text>
      </Text>
    </div>
  );
}
