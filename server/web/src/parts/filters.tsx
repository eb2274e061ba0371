// What a list of saved things is narrowed by: a search, a status, a tag, and an order. What is chosen is in the address.
import { Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';

import { filters as filtersTexts } from '../texts/en/filters';
import { SearchSign } from './icons';

/** Milliseconds without a key after which a search is made. */
const PAUSE_MS = 150;

/** What of the address narrows a list. */
export interface Narrowed {
  q?: string;
  status?: string;
  tag?: string;
  sort?: string;
}

/** What the words of the status mean to the server; the first leaves archived ones out. */
const STATUSES: Record<string, string | undefined> = {
  current: undefined,
  draft: 'draft',
  archived: 'archived',
  all: 'all',
};

/** What the server is asked for. */
export const filterOf = ({ q, status = 'current', tag, sort = '-updated' }: Narrowed) => ({ q, tag, sort, status: STATUSES[status] });

interface FiltersProps {
  /** What is searched, for whoever cannot see it. */
  label: string;
  chosen: Narrowed;
  /** The tags of everything that might be listed. */
  tags: string[];
  onChange: (changed: Narrowed) => void;
}

export function Filters({ label, chosen, tags, onChange }: FiltersProps) {
  const words = filtersTexts;
  const { q = '', status = 'current', tag = '', sort = '-updated' } = chosen;
  const search = useDebouncedCallback((text: string) => onChange({ q: text || undefined }), PAUSE_MS);
  const known = [...new Set(tags)].sort();
  return (
    <Group gap="sm" role="search">
      <TextInput
        aria-label={label}
        placeholder={words.searchHint}
        defaultValue={q}
        onChange={(event) => search(event.currentTarget.value)}
        leftSection={<SearchSign size={16} />}
        flex="1 1 14rem"
      />
      <Select
        aria-label={words.status}
        data={Object.entries(words.statuses).map(([value, label]) => ({ value, label }))}
        value={status}
        onChange={(value) => onChange({ status: value === 'current' ? undefined : (value ?? undefined) })}
        allowDeselect={false}
        flex={{ base: '1 1 8rem', sm: '0 0 auto' }}
        w={{ sm: 140 }}
      />
      {known.length > 0 && (
        <Select
          aria-label={words.tag}
          data={[{ value: '', label: words.anyTag }, ...known.map((one) => ({ value: one, label: one }))]}
          value={tag}
          onChange={(value) => onChange({ tag: value || undefined })}
          allowDeselect={false}
          searchable
          flex={{ base: '1 1 8rem', sm: '0 0 auto' }}
        w={{ sm: 150 }}
        />
      )}
      <Select
        aria-label={words.sort}
        data={Object.entries(words.sorts).map(([value, label]) => ({ value, label }))}
        value={sort}
        onChange={(value) => onChange({ sort: value ?? undefined })}
        allowDeselect={false}
        flex={{ base: '1 1 8rem', sm: '0 0 auto' }}
        w={{ sm: 150 }}
      />
    </Group>
  );
}

/** Whether something is left out of a list, so that it may be empty for that. */
export const isNarrowed = ({ q, status, tag }: Narrowed): boolean => Boolean(q || status || tag);
