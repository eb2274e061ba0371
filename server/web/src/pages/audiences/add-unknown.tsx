// Ids of an uploaded file that nobody has become people: tried out first, so that it can be said what will happen.
import { Button, Checkbox, Group, List as Items, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { importPeople } from '../../api/import';
import { type List, listById, unknownIds } from '../../api/lists';
import { schema } from '../../api/overview';
import { count } from '../../format/number';
import { done } from '../../parts/notify';
import { Trouble } from '../../parts/trouble';
import { audiences as audiencesTexts } from '../../texts/en/audiences';
import { upload as uploadTexts } from '../../texts/en/upload';
import classes from './audiences.module.css';
import { columnsOfFields, csvOf, idsOf, peopleOfRows, rowsOf } from './csv';

/** Refused rows that are shown. */
const SHOWN = 5;

interface AddUnknownProps {
  list: List;
  file: File;
  column: number;
  /** They are added; the list as it is now. */
  onAdded: (list: List, added: number) => void;
  onClose: () => void;
}

export function AddUnknown({ list, file, column, onAdded, onClose }: AddUnknownProps) {
  const words = uploadTexts;
  const queries = useQueryClient();
  const [hasFields, setHasFields] = useState(false);
  const known = useQuery(schema).data;
  const rows = useQuery({ queryKey: ['rows', list.id], queryFn: async () => rowsOf(await file.text()), staleTime: Infinity, gcTime: 0, retry: false });
  const { name: idName = 'id' } = (known?.id_field ?? {}) as { name?: string };
  const fields = (known?.fields ?? []).filter((field) => !field.computed).map((field) => field.name);
  const columns = columnsOfFields(rows.data?.[0] ?? [], fields, column);
  const chosen = hasFields ? columns : [];
  const send = async (people: string[][], isDry: boolean, signal: AbortSignal) =>
    importPeople({ body: new Blob([csvOf(people)]), type: 'text/csv', idField: undefined, mode: 'merge', isDry, signal, onProgress: () => {} });
  const tried = useQuery({
    queryKey: ['add-unknown', list.id, hasFields],
    queryFn: async ({ signal }) => {
      const all = rows.data ?? [];
      const people = peopleOfRows(all, column, await unknownIds(idsOf(all, column), signal), idName, chosen);
      return { people, report: await send(people, true, signal) };
    },
    enabled: rows.data !== undefined && known !== undefined,
    placeholderData: undefined,
    gcTime: 0,
    retry: false,
  });
  const add = useMutation({
    mutationFn: async () => {
      const { inserted } = await send(tried.data?.people ?? [], false, new AbortController().signal);
      return { inserted, fresh: await listById(list.id) };
    },
    onSuccess: ({ inserted, fresh }) => {
      // What of the file could not be read is known of the upload alone.
      const { rejected, rejected_total } = list.report;
      onAdded({ ...fresh, report: { ...fresh.report, rejected, rejected_total } }, inserted);
      done(words.addedUnknown(inserted, count(inserted)));
      void queries.invalidateQueries();
    },
  });
  const error = rows.error ? new Error(words.tooOld) : (tried.error ?? add.error);
  const report = tried.data?.report;
  return (
    <section aria-label={words.addUnknownTitle} className={classes.blank}>
      <Stack gap="sm">
        <Title order={3}>{words.addUnknownTitle}</Title>
        <Text size="sm" role="status">
          {report ? words.addUnknownAbout(report.inserted, count(report.inserted), chosen.map((one) => one.field)) : !error && words.addUnknownTrying}
        </Text>
        {list.report.of_unknown_malformed > 0 && <Text size="sm">{words.addUnknownMalformed(count(list.report.of_unknown_malformed))}</Text>}
        {columns.length > 0 && (
          <Checkbox
            label={words.addUnknownFields(columns.map((one) => one.field))}
            checked={hasFields}
            onChange={(event) => setHasFields(event.currentTarget.checked)}
          />
        )}
        {report && report.rejected_total > 0 && (
          <div>
            <Text size="sm" c="var(--bad)">
              {words.addUnknownRejected(count(report.rejected_total))}
            </Text>
            <Items size="sm">
              {report.rejected.slice(0, SHOWN).map((one) => (
                <Items.Item key={one.row}>
                  {words.addUnknownRow(tried.data?.people[one.row]?.[0] ?? String(one.row), one.errors.map((mistake) => mistake.message).join('; '))}
                </Items.Item>
              ))}
            </Items>
          </div>
        )}
        {error && <Trouble error={error} />}
        <Group gap="sm">
          <Button variant="default" size="xs" onClick={onClose}>
            {audiencesTexts.cancel}
          </Button>
          <Button size="xs" loading={add.isPending} disabled={!report || report.inserted === 0} onClick={() => add.mutate()}>
            {words.addUnknownNow(report?.inserted ?? 0, count(report?.inserted ?? 0))}
          </Button>
        </Group>
      </Stack>
    </section>
  );
}
