// Segments and lists to choose from, each with its size as it is now.
import { Group, Select, Text } from '@mantine/core';
import { useState } from 'react';

import { count } from '../../format/number';
import { PlusSign } from '../../parts/icons';
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import classes from './audiences.module.css';
import type { Side, SideName } from './draft';
import type { Names } from './names';

/** Entries that are shown at once; typing narrows them down. */
const SHOWN = 60;

interface AddSetProps {
  side: SideName;
  here: Side;
  names: Names;
  onAdd: (added: Partial<Side>) => void;
}

export function AddSet({ side, here, names, onAdd }: AddSetProps) {
  const words = audiencesTexts;
  const [text, setText] = useState('');
  const bySize = [...names.segments.values()].sort((a, b) => b.count - a.count);
  const segments = bySize
    .filter((segment) => !here.segments.includes(segment.id))
    .map((segment) => ({ value: `segment ${segment.id}`, label: segment.name }));
  const lists = [...names.lists.values()]
    .filter((list) => !here.lists.includes(list.id))
    .map((list) => ({ value: `list ${list.id}`, label: list.name }));
  const size = (value: string) => {
    const [kind, id] = value.split(' ');
    return kind === 'segment' ? names.segments.get(Number(id))?.count : names.lists.get(Number(id))?.report.known;
  };
  return (
    <Select
      aria-label={words.addSegment(words[side].title)}
      placeholder={words.addSegmentHint}
      leftSection={<PlusSign size={16} />}
      data={[
        ...(segments.length > 0 ? [{ group: words.groups.segments, items: segments }] : []),
        ...(lists.length > 0 ? [{ group: words.groups.lists, items: lists }] : []),
      ]}
      value={null}
      searchable
      searchValue={text}
      onSearchChange={setText}
      onChange={(value) => {
        const [kind, id] = (value ?? '').split(' ');
        setText('');
        if (kind === 'segment') onAdd({ segments: [Number(id)] });
        if (kind === 'list') onAdd({ lists: [Number(id)] });
      }}
      limit={SHOWN}
      nothingFoundMessage={words.noSegment}
      selectFirstOptionOnChange
      comboboxProps={{ width: 340, position: 'bottom-start' }}
      maxDropdownHeight={320}
      withCheckIcon={false}
      renderOption={({ option }) => (
        <Group justify="space-between" wrap="nowrap" gap="md" w="100%">
          <Text size="sm" truncate>
            {option.label}
          </Text>
          <Text size="sm" className={classes.lesser}>
            {size(option.value) === undefined ? '' : count(size(option.value) ?? 0)}
          </Text>
        </Group>
      )}
    />
  );
}
