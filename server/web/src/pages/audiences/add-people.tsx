// People by what one knows of them: ids, typed or pasted, or the beginning of a name or an address.
import { Combobox, Loader, Text, TextInput, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { foundPeople, namingFields } from '../../api/find-people';
import { schema } from '../../api/overview';
import { personName } from '../../api/person-name';
import { PeopleSign } from '../../parts/icons';
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import classes from './audiences.module.css';
import { type SideName, idsIn } from './draft';

/** Milliseconds without a key after which people are looked for. */
const PAUSE_MS = 150;

export function AddPeople({ side, onAdd }: { side: SideName; onAdd: (ids: string[]) => void }) {
  const words = audiencesTexts;
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text, PAUSE_MS);
  const fields = namingFields(useQuery(schema).data?.fields ?? []);
  const found = useQuery(foundPeople(asked, fields));
  const isTyped = text.trim() !== '';
  const isCurrent = asked === text && found.isSuccess && !found.isPlaceholderData;
  const people = isTyped && isCurrent ? found.data.sample : [];
  const ids = idsIn(text);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  useEffect(() => {
    combobox.selectFirstOption();
    // The first of what is found, whenever that changes.
  }, [text, people.length]);
  const add = (chosen: string) => {
    onAdd(chosen === 'typed' ? ids : [chosen.slice('found '.length)]);
    setText('');
    combobox.closeDropdown();
  };
  const exact = people.some((person) => String(person.id) === text.trim());
  const typed = isTyped && !exact && (
    <Combobox.Option key="typed" value="typed">
      {words.addIds(ids)}
    </Combobox.Option>
  );
  // With a digit in it, it is meant as ids; otherwise it is a name first, and Enter must not be quicker than the search.
  const isIds = /\d/.test(text);
  return (
    <Combobox store={combobox} onOptionSubmit={add} width={320} position="bottom-start">
      <Combobox.Target>
        <TextInput
          aria-label={words.addPeople(words[side].title)}
          placeholder={words.addPeopleHint}
          leftSection={<PeopleSign size={16} />}
          rightSection={isTyped && !isCurrent ? <Loader size={14} aria-label={words.searching} /> : null}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            combobox.openDropdown();
          }}
          onFocus={() => isTyped && combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={!isTyped}>
        <Combobox.Options aria-label={words.addPeople(words[side].title)}>
          {isIds && typed}
          {people.map((person) => {
            const { name, about } = personName(person);
            return (
              <Combobox.Option key={String(person.id)} value={`found ${String(person.id)}`}>
                <Text size="sm" truncate>
                  {name}
                </Text>
                <Text size="xs" className={classes.lesser} truncate>
                  {[about, String(person.id)].filter(Boolean).join(', ')}
                </Text>
              </Combobox.Option>
            );
          })}
          {!isIds && isCurrent && typed}
          {!isIds && !isCurrent && <Combobox.Empty>{words.searching}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
