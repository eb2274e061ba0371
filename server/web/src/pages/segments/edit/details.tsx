// What a segment is called, what it is for, how it is found, and whether it is in use.
import { Card, Select, TagsInput, TextInput, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { memo } from 'react';

import { dashboard } from '../../../api/overview';
import { builder as builderTexts } from '../../../texts/en/builder';
import type { Draft, Writing } from './draft';
import classes from './edit.module.css';

interface DetailsProps {
  draft: Draft;
  change: Writing['change'];
  /** Why the name will not do. */
  nameError?: string;
}

/** Drawn anew only when one of its own words has changed. */
export const Details = memo(DrawnDetails, (before, after) => {
  const isSame = before.change === after.change && before.nameError === after.nameError;
  return isSame && (['name', 'description', 'tags', 'status'] as const).every((word) => before.draft[word] === after.draft[word]);
});

function DrawnDetails({ draft, change, nameError }: DetailsProps) {
  const words = builderTexts;
  const all = useQuery(dashboard).data?.segments ?? [];
  const tags = [...new Set(all.flatMap((segment) => segment.tags))].sort();
  return (
    <Card p="md">
      <div className={classes.details}>
        <TextInput
          id="segment-name"
          label={words.name}
          placeholder={words.nameHint}
          value={draft.name}
          error={nameError}
          onChange={(event) => {
            const name = event.currentTarget.value;
            change((before) => ({ ...before, name }), 'name');
          }}
        />
        <Textarea
          autosize
          minRows={1}
          maxRows={5}
          label={words.description}
          placeholder={words.descriptionHint}
          value={draft.description}
          onChange={(event) => {
            const description = event.currentTarget.value;
            change((before) => ({ ...before, description }), 'description');
          }}
        />
        <TagsInput
          label={words.tags}
          placeholder={draft.tags.length === 0 ? words.tagsHint : undefined}
          data={tags}
          classNames={{ inputField: classes.typed }}
          value={draft.tags}
          onChange={(next) => change((before) => ({ ...before, tags: next.map((tag) => tag.toLowerCase()) }))}
        />
        <Select
          label={words.status}
          data={Object.entries(words.statuses).map(([value, label]) => ({ value, label }))}
          value={draft.status}
          onChange={(status) => status && change((before) => ({ ...before, status }))}
          allowDeselect={false}
        />
      </div>
    </Card>
  );
}
