// What became of each row of an uploaded file, and the rows for which nobody was found.
import { Button, Group, Table, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import { saveText } from '../../api/download';
import { type List, unknownIds } from '../../api/lists';
import { count } from '../../format/number';
import { CheckSign, PlusSign } from '../../parts/icons';
import { useMay } from '../../parts/may';
import { failed } from '../../parts/notify';
import { upload as uploadTexts } from '../../texts/en/upload';
import { AddUnknown } from './add-unknown';
import { csvOf, idsOf, matchingRows, rowsOf } from './csv';
import { DownloadSign } from './signs';

interface ReportProps {
  list: List;
  /** The file it was made of, which is still at hand. */
  file: File;
  column: number;
  /** People were added whom nobody had: the list as it is now. */
  onChanged: (list: List) => void;
}

export function UploadReport({ list, file, column, onChanged }: ReportProps) {
  const words = uploadTexts;
  const mayAdd = useMay('administer');
  const [isAdding, setAdding] = useState(false);
  const [added, setAdded] = useState(0);
  const report = list.report as unknown as Record<string, number | null | undefined>;
  const rejected = list.report.rejected ?? [];
  const unmatched = useMutation({
    mutationFn: async () => {
      const rows = rowsOf(await file.text());
      const unknown = await unknownIds(idsOf(rows, column), new AbortController().signal);
      saveText(csvOf(matchingRows(rows, column, unknown, words.lineColumn)), words.unmatchedFile(list.name));
    },
    onError: (thrown) => failed(thrown instanceof DOMException ? new Error(words.tooOld) : thrown),
  });
  const saveRejected = () => {
    const rows = rejected.map((one) => [String(one.row), one.errors.map((error) => error.message).join('; ')]);
    saveText(csvOf([words.rejectedHead, ...rows]), words.rejectedFile(list.name));
  };
  return (
    <>
      <div role="status">
        <Group gap={8} mb="md" c="var(--good)">
          <CheckSign />
          <Text fw={550}>
            {words.found(count(list.report.known))}
            {added > 0 && `; ${words.addedUnknown(added, count(added))}`}
          </Text>
        </Group>
        <Title order={3} mb="xs">
          {words.report}
        </Title>
        <Table aria-label={words.report} withRowBorders={false} verticalSpacing={4} horizontalSpacing={0} w="auto">
          <Table.Tbody>
            {Object.entries(words.reportRows)
              .filter(([key]) => typeof report[key] === 'number')
              .map(([key, label]) => (
                <Table.Tr key={key}>
                  <Table.Th scope="row" fw={400} pr="xl" pl={key === 'of_unknown_malformed' ? 'md' : 0}>
                    {label}
                  </Table.Th>
                  <Table.Td ta="right">{count(report[key] ?? 0)}</Table.Td>
                </Table.Tr>
              ))}
          </Table.Tbody>
        </Table>
        <Group gap="sm" mt="md">
          {list.report.unknown > 0 && (
            <Button
              variant="default"
              size="xs"
              leftSection={<DownloadSign size={14} />}
              loading={unmatched.isPending}
              onClick={() => unmatched.mutate()}
            >
              {words.unmatched}
            </Button>
          )}
          {list.report.unknown > 0 && mayAdd && !isAdding && (
            <Button variant="default" size="xs" leftSection={<PlusSign size={14} />} onClick={() => setAdding(true)}>
              {words.addUnknown(list.report.unknown, count(list.report.unknown))}
            </Button>
          )}
          {rejected.length > 0 && (
            <Button variant="default" size="xs" leftSection={<DownloadSign size={14} />} onClick={saveRejected}>
              {words.rejected}
            </Button>
          )}
        </Group>
      </div>
      {isAdding && (
        <AddUnknown
          list={list}
          file={file}
          column={column}
          onAdded={(next, inserted) => {
            setAdding(false);
            setAdded(inserted);
            onChanged(next);
          }}
          onClose={() => setAdding(false)}
        />
      )}
    </>
  );
}
