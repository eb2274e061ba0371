// Ids that were added one by one, each with a way to take it out again.
import { Group, Text, UnstyledButton } from '@mantine/core';
import { useState } from 'react';

import { audiences as audiencesTexts } from '../../texts/en/audiences';
import classes from './audiences.module.css';
import { CrossSign } from './signs';

/** Ids that are shown before somebody asks for all. */
const SHOWN = 12;

export function PeopleChips({ ids, onRemove }: { ids: string[]; onRemove: (id: string) => void }) {
  const words = audiencesTexts;
  const [isAll, setAll] = useState(false);
  const shown = isAll ? ids : ids.slice(0, SHOWN);
  return (
    <Group gap={6} mt={6}>
      {shown.map((id) => (
        <span key={id} className={classes.chip}>
          {id}
          <UnstyledButton className={classes.chipCross} aria-label={words.removePerson(id)} onClick={() => onRemove(id)}>
            <CrossSign size={12} />
          </UnstyledButton>
        </span>
      ))}
      {shown.length < ids.length && (
        <Text size="sm" c="dimmed">
          {words.morePeople(ids.length - shown.length)}{' '}
          <UnstyledButton className={classes.textButton} onClick={() => setAll(true)}>
            {words.showAllPeople}
          </UnstyledButton>
        </Text>
      )}
    </Group>
  );
}
