// A list of people before it is saved: by their ids, from a list that was imported, or whoever is in a segment or an
// audience now.
import { Button, Card, FileButton, Group, SegmentedControl, Select, Stack, Text, TextInput, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';

import { lists } from '../../../api/lists-of-ids';
import { type ListSource, makeList } from '../../../api/made';
import { dashboard } from '../../../api/overview';
import { count } from '../../../format/number';
import { Page } from '../../../parts/page';
import { Trouble } from '../../../parts/trouble';
import { made as madeTexts } from '../../../texts/en/made';
import { Kinds } from './kinds';
import { useSaving } from './saving';

type From = keyof typeof madeTexts.froms;

/** Ids that were typed or read: one a line, or parted by commas or semicolons. */
const idsOf = (text: string): string[] => [...new Set(text.split(/[\n\r,;\t]+/).map((id) => id.trim()).filter((id) => id !== ''))];

export function NewList() {
  const words = madeTexts;
  const [from, setFrom] = useState<From>('ids');
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const told = useQuery(dashboard).data;
  const imported = useQuery({ ...lists, enabled: from === 'list' }).data;
  const ids = useMemo(() => idsOf(text), [text]);
  const choices = { ids: [], list: imported ?? [], segment: told?.segments ?? [], audience: told?.audiences ?? [] }[from];
  const source = sourceOf(from, ids, chosen);
  const { name, setName, nameError, save, saving } = useSaving(source && ((called) => makeList(called, source)), (saved) =>
    words.savedList(saved.name, count(saved.count ?? 0), saved.customers?.unknown ?? 0),
  );
  return (
    <Page
      title={words.listTitle}
      about={words.listAbout}
      actions={
        <Button onClick={save} loading={saving.isPending} disabled={!source}>
          {words.save}
        </Button>
      }
    >
      <Kinds kind="list" />
      {saving.isError && <Trouble error={saving.error} />}
      <Card>
        <Stack gap="md">
          <TextInput id="segment-name" label={words.name} value={name} error={nameError} onChange={(event) => setName(event.currentTarget.value)} maw="32rem" />
          <div style={{ maxWidth: '100%', overflowX: 'auto' }}>
            <SegmentedControl
              aria-label={words.from}
              data={Object.entries(words.froms).map(([value, label]) => ({ value, label }))}
              value={from}
              onChange={(next) => {
                setFrom(next as From);
                setChosen(null);
              }}
            />
          </div>
          {from === 'ids' ? (
            <>
              <Textarea
                label={words.ids}
                placeholder={words.idsHint}
                autosize
                minRows={6}
                maxRows={16}
                spellCheck={false}
                value={text}
                onChange={(event) => setText(event.currentTarget.value)}
              />
              <Group justify="space-between">
                <Text size="sm" c="dimmed" role="status">
                  {words.idsCount(ids.length, count(ids.length))}
                </Text>
                <FileButton accept=".txt,.csv,text/plain,text/csv" onChange={(file) => void file?.text().then(setText)}>
                  {(props) => (
                    <Button {...props} size="xs" variant="default">
                      {words.file}
                    </Button>
                  )}
                </FileButton>
              </Group>
            </>
          ) : (
            <Select
              label={words[from]}
              data={choices.map((one) => ({ value: String(one.id), label: one.name }))}
              value={chosen}
              onChange={setChosen}
              placeholder={choices.length === 0 ? words.none : words.choose}
              searchable
              maw="32rem"
            />
          )}
        </Stack>
      </Card>
    </Page>
  );
}

function sourceOf(from: From, ids: string[], chosen: string | null): ListSource | null {
  if (from === 'ids') return ids.length > 0 ? { customers: ids } : null;
  if (chosen === null) return null;
  const id = Number(chosen);
  return { list: { from_list: id }, segment: { from_segment: id }, audience: { from_audience: id } }[from];
}
