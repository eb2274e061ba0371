// People who were added one by one, by their names as far as they have one, each with a way to take them out again.
import { Group, Text, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { peopleOf } from '../../api/people-of';
import { personName } from '../../api/person-name';
import { useMay } from '../../parts/may';
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import classes from './audiences.module.css';
import { CrossSign } from './signs';

/** Ids that are shown before somebody asks for all. */
const SHOWN = 12;

export function PeopleChips({ ids, onRemove }: { ids: string[]; onRemove: (id: string) => void }) {
  const words = audiencesTexts;
  const [isAll, setAll] = useState(false);
  const shown = isAll ? ids : ids.slice(0, SHOWN);
  const known = useQuery({ ...peopleOf(shown), enabled: useMay('read_people') }).data;
  return (
    <Group gap={6} mt={6}>
      {shown.map((id) => {
        const { name } = personName(known?.get(id) ?? { id, fields: {} });
        return (
          <span key={id} className={classes.chip}>
            {name}
            {name !== id && (
              <Text span size="xs" c="dimmed" ml={6}>
                {id}
              </Text>
            )}
            <UnstyledButton
              className={classes.chipCross}
              aria-label={words.removePerson(name === id ? id : words.nameAndId(name, id))}
              onClick={() => onRemove(id)}
            >
              <CrossSign size={12} />
            </UnstyledButton>
          </span>
        );
      })}
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
